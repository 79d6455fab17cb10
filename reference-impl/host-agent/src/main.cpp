// shogo-host-agent: the reference reader's software on the clinic PC. main() only wires parts together.
#include "agent.h"
#include "card_monitor.h"
#include "claim_network.h"
#include "defects.h"
#include "fund_library.h"
#include "link_server.h"
#include "management/client.h"
#include "management/web_server.h"
#include "pcsc_card.h"
#include "provision.h"
#include "updater.h"
#include "visual_check.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include <shogo/contract/bench_config.h>
#include <shogo/contract/update_package.h>
#include <shogo/reference/mutant.h>
#include <shogo/reference/process.h>

namespace {

using namespace shogo;
using namespace shogo::agent;

constexpr int kUsage = 2;
constexpr const char* kHelp =
    "usage: shogo-host-agent --bench FILE\n"
    "       shogo-host-agent provision FOLDER\n"
    "       shogo-host-agent status|settings|logs|restart|visual-check|set-password --bench FILE …\n"
    "\n"
    "Host agent of the shogo reference reader (本人認証用カードリーダーソフト): runs on the clinic PC, talks "
    "to the card\n"
    "over PC/SC, to the fund program through its library, and to the reader over the encrypted reader link.\n"
    "\n"
    "  --bench FILE       what is where: pcsc_socket, pcsc_readers, fund_program, server_url and "
    "certificates,\n"
    "                     link_address, link_key_file, log_folder (docs/reader.md describes the file)\n"
    "  provision FOLDER   pairs a reader: writes FOLDER/link.key, to be copied to the reader\n"
    "  status, settings … manage the reader through a running host agent; each has its own --help\n"
    "  --help             this text\n"
    "\n"
    "Ends on SIGTERM or SIGINT. Exit codes: 0 ended as asked, 2 usage or environment.\n";

int fail(const Error& error) {
  std::fprintf(stderr, "shogo-host-agent: %s\n", error.describe().c_str());
  return kUsage;
}

/// All that looking for updates needs; nothing on a desk that names no folder or no keys.
struct Updates {
  std::unique_ptr<ClaimNetwork> network;
  reference::FolderStorage storage;
  std::vector<reference::PublicKey> keys;
};

Result<std::optional<Updates>> open_updates(const contract::BenchConfig& config) {
  if (config.update_folder.empty() || config.update_keys.empty()) return std::optional<Updates>();
  SHOGO_TRY(auto keys, contract::public_keys(config.update_keys));
  SHOGO_TRY(auto storage,
            reference::FolderStorage::open(std::filesystem::path(config.update_folder) / "host-agent"));
  SHOGO_TRY(auto network, ClaimNetwork::open({config.server_url, config.trust_anchor_pem,
                                              config.client_cert_pem, config.client_key_pem}));
  return std::optional<Updates>(Updates{std::move(network), std::move(storage), std::move(keys)});
}

constexpr const char* kAgentVersion = "shogo-host-agent 0.1.0";

/// The staff's side of the host agent; nothing where bench.json names no folder for it.
struct StaffSide {
  std::unique_ptr<reference::OperationLog> sink;
  std::unique_ptr<Log> audit;
  std::unique_ptr<Management> management;
  std::unique_ptr<WebServer> server;
};

Result<StaffSide> open_staff_side(const contract::BenchConfig& config, ReaderDesk& desk,
                                  VisualCheck& visual_check, AboutAgent about, Clock& clock) {
  StaffSide side;
  if (config.management_folder.empty()) return side;
  SHOGO_TRY(Passwords passwords, Passwords::open(config.management_folder));
  if (passwords.one_time())
    std::fprintf(stderr, "shogo-host-agent: no staff password is set yet; the one-time secret is in %s\n",
                 passwords.one_time_file().c_str());
  SHOGO_TRY(side.sink, reference::OperationLog::open(config, "management"));
  side.audit.reset(new Log(clock, *side.sink, "management"));  // a literal does not pass through make_unique
  about.audit_file = side.sink->path();
  side.management = std::make_unique<Management>(std::move(passwords), desk, visual_check, std::move(about),
                                                 make_management_hooks(), clock, *side.audit);
  SHOGO_TRY(side.server, WebServer::listen(config.management_address,
                                           config.management_folder + "/control.sock", *side.management));
  return side;
}

int run(const contract::BenchConfig& config) {
  const auto found = reference::clock_of(config);
  if (!found.ok()) return fail(found.error());
  Clock& clock = **found;
  const auto opened = reference::OperationLog::open(config, "host-agent");
  if (!opened.ok()) return fail(opened.error());
  LogSink& sink = **opened;
  Log log(clock, sink, "host_agent");
  if (!config.pcsc_socket.empty()) ::setenv("PCSCLITE_CSOCK_NAME", config.pcsc_socket.c_str(), 1);

  shogo_fund_config fund_config{SHOGO_FUND_ABI_VERSION,          config.server_url.c_str(),
                                config.trust_anchor_pem.c_str(), config.client_cert_pem.c_str(),
                                config.client_key_pem.c_str(),   config.server_timeout_ms,
                                config.terminal_pem.c_str()};
  auto fund = FundLibrary::load(config.fund_program, fund_config);
  if (!fund.ok()) return fail(fund.error());
  const auto fund_version = PublicText::device_identity((*fund)->version());
  log.write("start",
            {{"version", PublicText::from_table(kAgentVersion)},
             {"fund_program", fund_version.ok() ? *fund_version : PublicText::from_table("unnamed")}});

  auto key = reference::load_link_key(config.link_key_file);
  if (!key.ok()) return fail(key.error());
  auto context = reference::make_link_context(reference::LinkEnd::kHostAgent, *key);
  if (!context.ok()) return fail(context.error());

  const std::string reader = config.pcsc_readers.empty() ? std::string() : config.pcsc_readers.front();
  Hooks hooks = make_hooks(sink);
  PcscCard card(reader, clock, kCardLimit, hooks.card_alone);
  FundLibrary& library = **fund;
  LinkServer* link = nullptr;
  const bool reopens_reader = hooks.reopens_reader;
  ReaderDesk desk(clock, [&](boost::json::object body) { link->send(std::move(body)); });
  const ResultFolder results(config.result_folder, clock);
  KnownCards cards;
  auto updates = open_updates(config);
  if (!updates.ok()) return fail(updates.error());
  std::optional<Updater> updater;
  Agent agent(
      card,
      {[&](const Transmit& t, ByteView pin, FundPerson& p) { return library.pin_eligibility(t, pin, p); },
       [&](const Transmit& t, ByteView pin, FundPerson& p) { return library.pin_registration(t, pin, p); },
       [&](const Transmit& t, ByteView pin, FundPerson& p) { return library.phone_eligibility(t, pin, p); },
       [&] { return library.connectivity(); }, [&] { library.cancel(); },
       [&](const Transmit& t, ByteView, FundPerson& p) { return library.pinless_eligibility(t, p); },
       [&](const Transmit& t, ByteView, FundPerson& p) { return library.pinless_registration(t, p); }},
      std::move(hooks), results, clock, log, [&](boost::json::object body) { link->send(std::move(body)); },
      &cards);
  if (*updates)
    updater.emplace(Updater::Parts{*(*updates)->network, (*updates)->storage, (*updates)->keys, cards,
                                   [&](boost::json::object body) {
                                     desk.told_reader(body);
                                     link->send(std::move(body));
                                   }},
                    make_updater_hooks(), clock, log);
  auto listening = LinkServer::listen(config.link_listen.empty() ? config.link_address : config.link_listen,
                                      *std::move(context), clock, log,
                                      {[&] {
                                         desk.connected();
                                         agent.reader_connected();
                                         if (updater) updater->reader_connected();
                                       },
                                       [&](contract::LinkMessage message) {
                                         if (!message.is_pin()) desk.message(message.body);
                                         if (updater && !message.is_pin()) updater->message(message.body);
                                         agent.message(std::move(message));
                                       },
                                       [&] {
                                         desk.lost();
                                         agent.reader_lost();
                                       }});
  if (!listening.ok()) return fail(listening.error());
  link = listening->get();
  const auto staff = open_staff_side(
      config, desk, agent.visual_check(),
      {kAgentVersion, fund_version.ok() ? fund_version->text() : "unnamed", (*opened)->path(), ""}, clock);
  if (!staff.ok()) return fail(staff.error());
  // Before any card is looked at: the profiles that were installed count from the first card on.
  if (updater) updater->start();
  link->start();
  auto monitor = std::make_unique<CardMonitor>(
      reader, cards, clock, log, [&](CardKind kind) { agent.card_changed(kind); },
      [&](bool there) {
        desk.card_reader(there);
        agent.card_reader(there);
      },
      reopens_reader);

  reference::wait_for_end();
  log.write("stop");
  // Whoever calls into the agent ends before it does; what it sends after that is dropped by the stopped
  // link.
  monitor.reset();
  if (updater) updater->stop();
  link->stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (!SHOGO_TAKE_MUTANT_OPTION(argc, argv)) return kUsage;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (is_management_command(argc, argv)) return run_management_command(argc, argv);
  if (argc == 3 && std::strcmp(argv[1], "provision") == 0) {
    const auto path = provision(argv[2]);
    if (!path.ok()) return fail(path.error());
    std::printf("%s\n", path->c_str());
    return 0;
  }
  if (argc != 3 || std::strcmp(argv[1], "--bench") != 0) {
    std::fputs(kHelp, stderr);
    return kUsage;
  }
  if (!SHOGO_MUTANT("m.dump.ptrace_ok")) reference::refuse_memory_dumps();
  reference::hold_end_signals();
  const auto config = contract::load_bench_config(argv[2]);
  if (!config.ok()) return fail(config.error());
  return run(*config);
}
