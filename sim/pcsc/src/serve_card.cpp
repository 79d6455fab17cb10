#include <chrono>
#include <csignal>
#include <cstdlib>

#include <fmt/core.h>
#include <winscard.h>

#include <shogo/base/file.h>
#include <shogo/base/foreground.h>
#include <shogo/sim/card_file.h>
#include <shogo/sim/card_issuer.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/private_pcscd.h>
#include <shogo/sim/serve_card.h>

namespace shogo::sim {
namespace {

constexpr int kEnvironmentError = 2;
constexpr std::size_t kMostReaders = 15;   // pcscd 1.9 lists 16, and pcsc_scan fails with 16
constexpr std::size_t kUsualPort = 35963;  // of Debian's vpcd: two readers, two ports
constexpr std::size_t kUsualPorts = 2;
constexpr DWORD kCardSeenLimit_ms = 10'000;
constexpr const char* kSocketVariable = "PCSCLITE_CSOCK_NAME";

/// Asks like any client until PC/SC says that a card is there: a command that runs earlier would find none.
Result<void> wait_until_seen(const std::string& reader) {
  SCARDCONTEXT context = 0;
  LONG rc = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
  if (rc == SCARD_S_SUCCESS) {
    SCARD_READERSTATE state{};
    state.szReader = reader.c_str();
    while (rc == SCARD_S_SUCCESS && (state.dwEventState & SCARD_STATE_PRESENT) == 0) {
      state.dwCurrentState = state.dwEventState;
      rc = SCardGetStatusChange(context, kCardSeenLimit_ms, &state, 1);
    }
    SCardReleaseContext(context);
  }
  if (rc == SCARD_S_SUCCESS) return {};
  return Error{Code::kTimeout,
               fmt::format("PC/SC does not see the card on {}: {}", reader, pcsc_stringify_error(rc))};
}

/// A card that lies on a reader, with what is said about it.
struct Served {
  std::unique_ptr<FiledCard> filed;  // or
  IssuedCard issued;
  std::string title;
  [[nodiscard]] VirtualCard& card() const { return filed ? filed->card() : *issued.card; }
};

Result<Served> built_in_card(const ServeOptions& options) {
  SHOGO_TRY(const TestPki pki, TestPki::create(options.seed));
  SHOGO_TRY(const CardIssuer issuer, CardIssuer::create(pki));
  const Nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  CardOrder order = standard_card_order();
  if (options.profile != "standard") {
    SHOGO_TRY(order, order_for(options.profile, options.seed, now));
  }
  Served served;
  SHOGO_TRY(served.issued, issuer.issue(order));
  served.title =
      fmt::format("A synthetic card ({})\n  user authentication PIN {}, signature password {}, number B {}",
                  served.card().profile().about, as_text(order.auth_pin.expose()),
                  as_text(order.signature_password.expose()), as_text(served.issued.number_b.expose()));
  return served;
}

Result<std::vector<Served>> all_cards(const ServeOptions& options) {
  std::vector<Served> cards;
  for (const std::filesystem::path& file : options.files) {
    Served served;
    SHOGO_TRY(served.filed, FiledCard::open(file));
    served.title = fmt::format("{} ({}); its PINs: shogo card show {}", file.string(),
                               served.card().profile().about, file.string());
    cards.push_back(std::move(served));
  }
  if (cards.empty()) {
    SHOGO_TRY(Served served, built_in_card(options));
    cards.push_back(std::move(served));
  }
  return cards;
}

/// What must be said about the machine's own readers: their driver was started without our keeping it on
/// loopback, and a slot without a card of ours takes anybody's. Empty when nobody outside can reach them.
std::string exposure_of_machine() {
  std::string ports;
  for (std::size_t port = kUsualPort; port < kUsualPort + kUsualPorts; ++port)
    if (port_open_to_network(static_cast<std::uint16_t>(port))) ports += fmt::format(" {}", port);
  if (ports.empty()) return {};
  return fmt::format(
      "shogo card serve: the machine's readers listen on every network interface (TCP ports{}): "
      "whoever reaches a free one can play a card here. "
      "Close them with a firewall (docs/cards.md), or leave --system out.\n",
      ports);
}

}  // namespace

int serve_card(const ServeOptions& options, std::ostream& out, std::ostream& err) {
  const auto fail = [&](const Error& error) {
    err << "shogo card serve: " << error.describe() << '\n';
    return kEnvironmentError;
  };
  const SignalsHeld signals;
  if (options.files.size() > kMostReaders)
    return fail(Error{Code::kInvalid, fmt::format("{} cards; at most {} readers fit a PC/SC service",
                                                  options.files.size(), kMostReaders)});
  const auto cards = all_cards(options);
  if (!cards.ok()) return fail(cards.error());
  auto folder = TemporaryFolder::create("shogo-card");
  if (!folder.ok()) return fail(folder.error());

  std::unique_ptr<PrivatePcscd> pcscd;
  std::vector<PrivatePcscd::Reader> readers;
  if (options.system_pcscd) {
    for (std::size_t i = 0; i < cards->size(); ++i)
      readers.push_back({fmt::format("Virtual PCD 00 {:02}", i), static_cast<std::uint16_t>(kUsualPort + i)});
  } else {
    PrivatePcscd::Options pcscd_options;
    pcscd_options.folder = folder->path();
    pcscd_options.readers = static_cast<int>(cards->size());
    auto started = PrivatePcscd::start(pcscd_options);
    if (!started.ok()) return fail(started.error());
    pcscd = std::move(started).value();
    readers = pcscd->readers();
    // Before a front end's thread starts: the environment must not change under another thread.
    ::setenv(kSocketVariable, pcscd->socket().c_str(), 1);
  }

  std::vector<std::unique_ptr<TimedCard>> timed;
  std::vector<std::unique_ptr<PlainFrontEnd>> front_ends;
  for (std::size_t i = 0; i < cards->size(); ++i) {
    VirtualCard& card = (*cards)[i].card();
    card.set_holder_consent(options.holder_consents);
    if (options.on_apdu)
      card.trace([&options, &card, i](const ApduTrace& trace) { options.on_apdu(i, trace, card.profile()); });
    if (options.timing) timed.push_back(std::make_unique<TimedCard>(card, *options.timing));
    RfCard& shown = options.timing ? static_cast<RfCard&>(*timed.back()) : card;
    auto front_end = PlainFrontEnd::present(readers[i].port, shown);
    if (!front_end.ok()) return fail(front_end.error());
    front_ends.push_back(std::move(front_end).value());
  }
  for (std::size_t i = 0; i < cards->size(); ++i) {
    const auto seen = wait_until_seen(readers[i].name);
    if (seen.ok()) continue;
    if (pcscd) return fail(seen.error());
    // Somebody has given the machine's readers other names: the card is there all the same.
    err << "shogo card serve: " << seen.error().describe()
        << " (a reader of that name is Debian's default)\n";
  }

  if (!pcscd) err << exposure_of_machine();
  if (!options.command.empty())
    return run_in_foreground("shogo card serve", options.command, {}, signals, err);  // its output alone
  for (std::size_t i = 0; i < cards->size(); ++i)
    out << fmt::format("{}\n  lies on \"{}\"\n", (*cards)[i].title, readers[i].name);
  if (pcscd) {
    out << fmt::format("Reach it with\n  export {}={}\n", kSocketVariable, pcscd->socket());
  }
  out << "Ctrl-C ends it." << std::endl;
  for (;;) {
    const int number = signals.next();
    if (number == SIGINT || number == SIGTERM) return 0;
    if (pcscd && !pcscd->running()) return fail(Error{Code::kUnavailable, "pcscd has ended"});
  }
}

}  // namespace shogo::sim
