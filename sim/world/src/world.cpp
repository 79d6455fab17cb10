#include "people.h"
#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/rng.h>
#include <shogo/base/shared_clock.h>
#include <shogo/sim/apdu_text.h>
#include <shogo/sim/card_issuer.h>
#include <shogo/sim/loopback_port.h>
#include <shogo/sim/ocsp.h>
#include <shogo/sim/private_pcscd.h>
#include <shogo/sim/test_pki.h>
#include <shogo/sim/update_shelf.h>
#include <shogo/sim/world.h>

namespace shogo::sim {
namespace {

constexpr const char* kJpki = "jpki";
constexpr std::uint16_t kAuthPin = 0x0018;
constexpr const char* kVisual = "visual";
constexpr std::uint16_t kFaceFile = 0x0002;
constexpr const char* kCertificateStart = "2025-06-01";
/// *Synthetic*; the top level is reserved for tests (RFC 6761).
constexpr const char* kServerName = "eligibility.bench.test";
constexpr const char* kRevocationDay = "2026-03-01";
constexpr const char* kCardExpiry = "20350217";

/// The card application that asks for the authentication PIN.
const char* authentication_of(Patient patient) {
  return patient == Patient::kNextCard ? "next-authentication" : kJpki;
}

struct Visitor {
  IssuedCard issued;
  Secret pin;
  PatientFacts facts;
};

Result<void> write_link_key(const std::filesystem::path& path, std::uint64_t seed) {
  Bytes key(32);
  Rng(seed, "link.key").fill(key);
  const std::string text = to_hex(key) + "\n";
  SHOGO_CHECK_OK(write_text(path, text));
  std::error_code ec;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                               ec);
  return {};
}

}  // namespace

struct World::Impl {
  WorldOptions options;
  std::unique_ptr<SharedClock> clock;
  std::optional<TestPki> pki;
  std::optional<CardIssuer> issuer;  // borrows pki
  std::unique_ptr<OcspResponder> revocations;
  contract::BenchConfig bench;
  std::atomic<std::int64_t> civil_shift_ns{0};
  std::function<Result<void>(bool)> fill_storage;
  std::optional<Panel> panel;
  std::optional<BenchKeypad> keypad;
  std::function<std::vector<Vitals>()> vitals;

  std::mutex observer_mutex;
  Observer observer;

  std::mutex visitors_mutex;
  std::map<Patient, Visitor> visitors;
  std::map<std::string, IssuedCard> strangers;  ///< by profile

  // Destroyed first: nothing above is used by a thread any more when it goes.
  std::unique_ptr<PrivatePcscd> pcscd;
  std::unique_ptr<EligibilityServer> server;
  std::unique_ptr<Antenna> antenna;
  std::unique_ptr<FaultLine> reader_link;
  std::unique_ptr<FaultLine> server_line;
  std::atomic<bool> lines_watched{false};
  std::atomic<bool> commands_watched{true};
  std::atomic<std::size_t> updates_offered{0};

  void tell(std::string_view source, std::string_view kind, boost::json::object data) {
    const std::lock_guard lock(observer_mutex);
    if (observer) observer(source, kind, std::move(data));
  }

  [[nodiscard]] std::filesystem::path connections_file() const { return options.folder / "connections"; }
  Result<Visitor*> visitor(Patient patient);
  Result<void> put_papers(const Visitor& visitor, std::vector<Paper> papers);
  Result<VirtualCard*> stranger(const std::string& profile);
  void trace(VirtualCard& card);
  Result<std::unique_ptr<FaultLine>> open_line(FaultLine::Options options);
  [[nodiscard]] FaultLine& line(Line which) const {
    return which == Line::kReaderLink ? *reader_link : *server_line;
  }
};

/// Cards are issued when somebody first needs them: four key pairs each take their time.
Result<Visitor*> World::Impl::visitor(Patient patient) {
  const std::lock_guard lock(visitors_mutex);
  if (const auto it = visitors.find(patient); it != visitors.end()) return &it->second;
  const PatientSpec& spec = spec_of(patient);
  Visitor visitor;
  visitor.pin = pin_for(spec, options.seed);
  CardOrder order;
  order.person = {spec.key, spec.name, spec.address, spec.birth_date, spec.sex, spec.calendar};
  order.profile = spec.profile;
  order.auth_pin = pin_for(spec, options.seed);
  order.signature_password = Secret(9);
  for (const char c : std::string_view("SHOGO1234"))
    order.signature_password.push_back(static_cast<std::uint8_t>(c));
  order.expiry_date = kCardExpiry;
  order.security_code = spec.security_code;
  order.serial = 1000 + 2 * static_cast<std::uint64_t>(patient);
  order.certificate_validity = {parse_jst(kCertificateStart), parse_jst(spec.valid_until)};
  SHOGO_TRY(visitor.issued, issuer->issue(order));
  VirtualCard& card = *visitor.issued.card;
  const Bytes* face = card.file(kVisual, kFaceFile);
  visitor.facts = {spec.name,
                   spec.address,
                   spec.birth_date,
                   std::string(as_text(visitor.issued.number_b.expose())),
                   visitor.issued.certificate_serial,
                   visitor.issued.photo,
                   card.atqb(),
                   face == nullptr ? Bytes() : *face};
  if (spec.pin_locked) card.set_tries_left(kJpki, kAuthPin, 0);
  trace(card);
  if (spec.revoked)
    revocations->revoke(
        {visitor.issued.certificate_serial, RevocationReason::kKeyCompromise, parse_jst(kRevocationDay)});
  SHOGO_CHECK_OK(server->add_person({visitor.issued.certificate_serial, spec.name, spec.birth_date,
                                     spec.state, papers_for(spec, options.seed)}));
  return &visitors.emplace(patient, std::move(visitor)).first->second;
}

Result<void> World::Impl::put_papers(const Visitor& visitor, std::vector<Paper> papers) {
  SHOGO_TRY(auto person, server->person(visitor.facts.certificate_serial));
  if (!person) return Error{Code::kNotFound, "the eligibility server does not know this patient"};
  person->papers = std::move(papers);
  return server->add_person(*person);
}

void World::Impl::trace(VirtualCard& card) {
  card.trace([this, &card](const ApduTrace& t) {
    if (!commands_watched) return;
    tell("card", "apdu",
         {{"cla", t.header[0]},
          {"ins", t.header[1]},
          {"p1", t.header[2]},
          {"p2", t.header[3]},
          {"body_size", t.body_size},
          {"response_size", t.response_size},
          {"sw", t.sw},
          {"content", current_content(t, card.profile())}});
  });
}

Result<VirtualCard*> World::Impl::stranger(const std::string& profile) {
  const std::lock_guard lock(visitors_mutex);
  if (const auto it = strangers.find(profile); it != strangers.end()) return it->second.card.get();
  SHOGO_TRY(CardOrder order, order_for(profile, options.seed + strangers.size(), clock->wall_now()));
  order.person.key = "profile." + profile;
  SHOGO_TRY(IssuedCard issued, issuer->issue(order));
  if (!issued.certificate_serial.empty())
    SHOGO_CHECK_OK(server->add_person(
        {issued.certificate_serial, order.person.name, order.person.birth_date, PersonState::kEligible}));
  if (issued.card->profile().issue.user_authentication == IssueRules::CertificateState::kRevoked)
    revocations->revoke(
        {issued.certificate_serial, RevocationReason::kUnspecified, parse_jst(kRevocationDay)});
  trace(*issued.card);
  return strangers.emplace(profile, std::move(issued)).first->second.card.get();
}

Result<std::unique_ptr<FaultLine>> World::Impl::open_line(FaultLine::Options wanted) {
  const std::string name = wanted.name;
  SHOGO_TRY(auto line, FaultLine::open(std::move(wanted), *clock));
  line->observe([this, name](const FaultLine::Event& event) {
    if (!lines_watched) return;
    switch (event.kind) {
      case FaultLine::Event::Kind::kConnected:
        tell("net", "connected", {{"line", name}, {"connection", event.connection}});
        break;
      case FaultLine::Event::Kind::kBytes:
        tell("net", "bytes",
             {{"line", name}, {"connection", event.connection}, {"from", event.from}, {"size", event.size}});
        break;
      case FaultLine::Event::Kind::kClosed:
        tell("net", "closed", {{"line", name}, {"connection", event.connection}, {"by", event.from}});
        break;
    }
  });
  return line;
}

World::World() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<World>> World::start(const WorldOptions& options) {
  auto world = std::unique_ptr<World>(new World);
  Impl& impl = *world->impl_;
  impl.options = options;
  const Nanoseconds wall = parse_jst(options.wall_start);
  if (wall.count() < 0)
    return Error{
        Code::kInvalid,
        fmt::format("wall_start must look like 2026-04-01T09:00:00+09:00, got \"{}\"", options.wall_start)};
  SHOGO_TRY(TestPki pki, TestPki::create(options.seed));
  impl.pki.emplace(std::move(pki));
  SHOGO_TRY(CardIssuer issuer, CardIssuer::create(*impl.pki));
  impl.issuer.emplace(std::move(issuer));
  const std::filesystem::path folder = options.folder;
  std::error_code ec;
  std::filesystem::create_directories(folder / "pki", ec);
  std::filesystem::create_directories(folder / "logs", ec);
  std::filesystem::create_directories(folder / "face", ec);
  std::filesystem::create_directories(folder / "pcsc", ec);
  std::filesystem::create_directories(folder / "updates", ec);
  if (ec)
    return Error{Code::kDenied,
                 fmt::format("cannot create folders below {}: {}", folder.string(), ec.message())};
  const std::filesystem::path clock_file = folder / "clock";
  SHOGO_TRY(impl.clock, SharedClock::create(clock_file, wall));
  SHOGO_TRY(const PemFiles pem, impl.pki->write_pem_files(folder / "pki"));

  SHOGO_TRY(const std::string terminal, impl.issuer->terminal_pem());
  SHOGO_CHECK_OK(write_text(folder / "pki" / "terminal.pem", terminal));

  PrivatePcscd::Options pcscd;
  pcscd.folder = folder / "pcsc";
  pcscd.poll_ms = options.pcscd_poll_ms;
  SHOGO_TRY(impl.pcscd, PrivatePcscd::start(pcscd));
  SHOGO_TRY(impl.antenna, Antenna::open(folder / "rf-0.sock", impl.clock.get()));
  EligibilityServer::Options server;
  server.server_cert_pem = pem.server_certificate;
  server.server_key_pem = pem.server_key;
  // The clinic's own certificate: of the right CA, and no server's.
  server.impostor_cert_pem = pem.clinic_certificate;
  server.impostor_key_pem = pem.clinic_key;
  server.client_ca_pem = pem.tls_ca;
  server.user_auth_ca_pem = pem.user_authentication_ca;
  impl.revocations = std::make_unique<OcspResponder>(impl.pki->user_authentication_ca(),
                                                     [&impl] { return impl.clock->wall_now(); });
  server.ask_status = [&impl](ByteView request) -> Result<Bytes> {
    return impl.revocations->answer(request);
  };
  server.seed = options.seed;
  server.on_request = [&impl](const RequestRecord& r) {
    // How often a device looks depends on its clock: part of the capture, which is a measurement.
    if (r.path == UpdateShelf::kPath) return impl.tell("net", "update_look", {{"status", r.http_status}});
    // A device that fetches updates has asked nothing about a patient (3-14).
    impl.tell("server", UpdateShelf::is_path(r.path) ? "update_request" : "request",
              {{"path", r.path},
               {"method", r.method},
               {"status", r.http_status},
               {"outcome", r.outcome},
               {"certificate_serial", r.certificate_serial},
               {"signature_ok", r.signature_ok}});
  };
  SHOGO_TRY(impl.server, EligibilityServer::start(std::move(server), *impl.clock));
  SHOGO_CHECK_OK(write_link_key(folder / "link.key", options.seed));

  contract::BenchConfig& bench = impl.bench;
  bench.pcsc_socket = impl.pcscd->socket();
  bench.pcsc_readers = {impl.pcscd->readers().front().name};
  bench.vpcd_port = impl.pcscd->readers().front().port;
  bench.rf_socket = impl.antenna->socket();
  const std::string url = impl.server->url();
  const auto server_port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  SHOGO_TRY(impl.server_line, impl.open_line({"server", "host", "server", server_port}));
  const std::uint16_t link_port = free_loopback_port();
  SHOGO_TRY(impl.reader_link, impl.open_line({"reader_link", "reader", "host", link_port}));
  bench.server_url = fmt::format("https://{}:{}", options.bench_names.empty() ? "127.0.0.1" : kServerName,
                                 impl.server_line->port());
  if (!options.bench_names.empty()) SHOGO_CHECK_OK(world->set_names(NameFault::kNone));
  bench.link_address = fmt::format("127.0.0.1:{}", impl.reader_link->port());
  bench.link_listen = fmt::format("127.0.0.1:{}", link_port);
  bench.server_timeout_ms = 2'500;  // a scenario has less patience than a clinic
  bench.trust_anchor_pem = pem.tls_ca.string();
  bench.client_cert_pem = pem.clinic_certificate.string();
  bench.client_key_pem = pem.clinic_key.string();
  bench.terminal_pem = (folder / "pki" / "terminal.pem").string();
  bench.fund_program = options.fund_program;
  bench.link_key_file = (folder / "link.key").string();
  bench.wall_start = options.wall_start;
  bench.clock_file = clock_file.string();
  bench.panel = options.panel;
  bench.keypad = options.keypad;
  if (options.keypad == "external") {
    impl.keypad.emplace((folder / "keypad").string());
    bench.keypad_device = impl.keypad->node();
    SHOGO_CHECK_OK(impl.keypad->plug());
  }
  bench.management_folder = (folder / "management").string();
  bench.log_folder = (folder / "logs").string();
  bench.management_folder = (folder / "management").string();
  bench.management_address = fmt::format("127.0.0.1:{}", free_loopback_port());
  bench.storage_folder = (folder / "storage").string();
  bench.result_folder = (folder / "face").string();
  bench.update_folder = (folder / "updates").string();
  bench.update_keys = {to_hex(synthetic_update_key(options.seed).public_key())};
  bench.seed = options.seed;
  SHOGO_CHECK_OK(write_text(world->bench_file(), contract::print_bench_config(bench)));
  return world;
}

World::~World() {
  observe(nullptr);
  if (impl_->antenna) impl_->antenna->remove();
}

const contract::BenchConfig& World::bench() const {
  return impl_->bench;
}
std::filesystem::path World::bench_file() const {
  return impl_->options.folder / "bench.json";
}

Result<void> World::reset() {
  impl_->antenna->remove();
  set_server(ServerFault::kNone);
  impl_->server->withdraw_updates();
  for (FaultLine* line : {impl_->reader_link.get(), impl_->server_line.get()}) line->set(LineFault::kNone);
  watch_lines(false);
  std::error_code gone;
  std::filesystem::remove(impl_->connections_file(), gone);
  if (!impl_->options.bench_names.empty()) SHOGO_CHECK_OK(set_names(NameFault::kNone));
  if (impl_->fill_storage) SHOGO_CHECK_OK(impl_->fill_storage(false));
  restore_civil_time();
  watch_commands(true);
  if (!impl_->pcscd->running()) SHOGO_CHECK_OK(impl_->pcscd->restart());
  if (impl_->keypad) SHOGO_CHECK_OK(impl_->keypad->plug());
  const std::lock_guard lock(impl_->visitors_mutex);
  for (auto& [profile, issued] : impl_->strangers) {
    issued.card->refill_all_tries();
    issued.card->set_holder_consent(false);
  }
  for (auto& [patient, visitor] : impl_->visitors) {
    visitor.issued.card->refill_all_tries();
    visitor.issued.card->set_holder_consent(false);
    if (spec_of(patient).pin_locked) visitor.issued.card->set_tries_left(kJpki, kAuthPin, 0);
    // Who was registered by the case before is a stranger again.
    SHOGO_CHECK_OK(impl_->server->set_state(visitor.facts.certificate_serial, spec_of(patient).state));
    SHOGO_CHECK_OK(impl_->put_papers(visitor, papers_for(spec_of(patient), impl_->options.seed)));
  }
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(impl_->bench.result_folder, ec))
    std::filesystem::remove(entry.path(), ec);
  return {};
}

std::string World::server_state(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  if (!visitor.ok()) return {};
  const auto person = impl_->server->person((*visitor)->facts.certificate_serial);
  return person.ok() && person->has_value() ? std::string(to_string((*person)->state)) : std::string();
}

std::vector<std::string> World::hand_overs() const {
  std::vector<std::filesystem::path> files;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(impl_->bench.result_folder, ec))
    if (entry.path().extension() == ".xml") files.push_back(entry.path());
  // Names end in time and counter: their order is the order of writing.
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files)
    if (auto text = read_text(file); text.ok()) texts.push_back(*std::move(text));
  return texts;
}

Result<void> World::place_card(Patient patient, RfFault fault) {
  SHOGO_TRY(Visitor * visitor, impl_->visitor(patient));
  impl_->tell("card", "placed", {{"patient", to_string(patient)}});
  impl_->antenna->place(*visitor->issued.card, fault);
  return {};
}

Result<void> World::place_profile(const std::string& profile) {
  SHOGO_TRY(VirtualCard * card, impl_->stranger(profile));
  impl_->tell("card", "placed", {{"profile", profile}});
  impl_->antenna->place(*card);
  return {};
}

void World::take_card() {
  impl_->antenna->remove();
  impl_->tell("card", "taken", {});
}

int World::auth_tries_left(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  return visitor.ok() ? (*visitor)->issued.card->tries_left(authentication_of(patient), kAuthPin) : -1;
}

const Secret& World::pin_of(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  static const Secret kNone;
  return visitor.ok() ? (*visitor)->pin : kNone;
}

Secret World::pin_shown(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  return visitor.ok() ? (*visitor)->issued.card->last_shown(authentication_of(patient), kAuthPin) : Secret();
}

const PatientFacts& World::facts_of(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  static const PatientFacts kNone;
  return visitor.ok() ? (*visitor)->facts : kNone;
}

std::vector<Paper> World::papers_of(Patient patient) {
  const auto visitor = impl_->visitor(patient);
  if (!visitor.ok()) return {};
  const auto person = impl_->server->person((*visitor)->facts.certificate_serial);
  return person.ok() && person->has_value() ? (*person)->papers : std::vector<Paper>();
}

Result<void> World::set_papers(Patient patient, std::vector<Paper> papers) {
  SHOGO_TRY(const Visitor* visitor, impl_->visitor(patient));
  return impl_->put_papers(*visitor, std::move(papers));
}

void World::set_server(ServerFault fault) {
  constexpr milliseconds kSlow{20'000};  // slower than any client waits
  impl_->server->set_fault(fault, kSlow);
}

contract::SigningKey World::update_key() const {
  return synthetic_update_key(impl_->options.seed);
}

std::size_t World::updates_offered() const {
  return impl_->updates_offered;
}

std::string World::offer_update(Bytes package) {
  ++impl_->updates_offered;
  const std::string sha256 = impl_->server->offer_update(std::move(package));
  impl_->tell("stimulus", "update_offered", {{"sha256", sha256}});
  return sha256;
}

void World::set_line(Line line, LineFault fault, milliseconds delay) {
  FaultLine& it = impl_->line(line);
  impl_->tell("stimulus", "line", {{"line", it.name()}, {"fault", to_string(fault)}});
  it.set(fault, delay);
}

void World::reset_line(Line line) {
  FaultLine& it = impl_->line(line);
  impl_->tell("stimulus", "line", {{"line", it.name()}, {"fault", "reset"}});
  it.reset_connections();
}

void World::change_address(Line line) {
  FaultLine& it = impl_->line(line);
  impl_->tell("stimulus", "line", {{"line", it.name()}, {"fault", "address_change"}});
  it.change_address();
}

void World::watch_lines(bool watched) {
  impl_->lines_watched = watched;
}

Result<void> World::set_names(NameFault fault) {
  if (impl_->options.bench_names.empty())
    return Error{Code::kUnsupported, "the device asks a resolver that is not the bench's"};
  const char* answer = fault == NameFault::kUnknown  ? "unknown"
                       : fault == NameFault::kSilent ? "silent"
                                                     : "127.0.0.1";
  SHOGO_CHECK_OK(write_text(impl_->options.folder / "names", fmt::format("{} {}\n", kServerName, answer)));
  if (fault != NameFault::kNone) impl_->tell("stimulus", "names", {{"fault", answer}});
  return {};
}

std::vector<std::string> World::names_environment() const {
  if (impl_->options.bench_names.empty()) return {};
  // A program with a sanitizer wants to be first and says so; it is no less right second.
  return {"LD_PRELOAD=" + impl_->options.bench_names,
          "SHOGO_BENCH_NAMES=" + (impl_->options.folder / "names").string(),
          "SHOGO_BENCH_CONNECTIONS=" + impl_->connections_file().string(),
          "ASAN_OPTIONS=verify_asan_link_order=0"};
}

std::optional<std::vector<World::Destination>> World::destinations() const {
  if (impl_->options.bench_names.empty()) return std::nullopt;
  std::vector<Destination> all;
  std::ifstream file(impl_->connections_file());
  Destination next;
  while (file >> next.address >> next.port) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Destination& other) {
      return other.address == next.address && other.port == next.port;
    });
    if (known) continue;
    const bool here = next.address == "127.0.0.1";
    next.part = here && next.port == impl_->server_line->port()   ? "server"
                : here && next.port == impl_->reader_link->port() ? "reader_link"
                                                                  : "other";
    all.push_back(next);
  }
  return all;
}

void World::shift_civil_time(Nanoseconds by) {
  impl_->tell("stimulus", "civil_time", {{"shift_s", std::chrono::duration<double>(by).count()}});
  impl_->civil_shift_ns += by.count();
  impl_->clock->shift_wall(by);
}

void World::restore_civil_time() {
  if (const std::int64_t shift = impl_->civil_shift_ns.exchange(0); shift != 0)
    impl_->clock->shift_wall(Nanoseconds(-shift));
}

Nanoseconds World::civil_time() const {
  return impl_->clock->wall_now();
}

void World::set_storage(std::function<Result<void>(bool)> fill) {
  impl_->fill_storage = std::move(fill);
}

Result<void> World::fill_storage(bool full) {
  if (!impl_->fill_storage)
    return Error{Code::kUnsupported, "the device's storage is not the bench's to fill"};
  impl_->tell("stimulus", "storage", {{"full", full}});
  return impl_->fill_storage(full);
}

Result<void> World::agree_on_phone(Patient patient, bool agrees) {
  SHOGO_TRY(Visitor * visitor, impl_->visitor(patient));
  impl_->tell("stimulus", "phone", {{"patient", to_string(patient)}, {"agreed", agrees}});
  visitor->issued.card->set_holder_consent(agrees);
  return {};
}

void World::watch_commands(bool watched) {
  impl_->commands_watched = watched;
}

void World::crash_pcscd() {
  impl_->tell("stimulus", "pcscd", {{"running", false}});
  impl_->pcscd->crash();
}

Result<void> World::restart_pcscd() {
  SHOGO_CHECK_OK(impl_->pcscd->restart());
  impl_->tell("stimulus", "pcscd", {{"running", true}});
  return {};
}

BenchKeypad* World::keypad() {
  return impl_->keypad ? &*impl_->keypad : nullptr;
}

void World::set_simulated_panel(const Panel& panel) {
  impl_->panel = panel;
}

std::optional<Panel> World::simulated_panel() const {
  return impl_->panel;
}

void World::set_vitals(std::function<std::vector<Vitals>()> look) {
  impl_->vitals = std::move(look);
}

std::vector<Vitals> World::device_vitals() const {
  return impl_->vitals ? impl_->vitals() : std::vector<Vitals>{};
}

void World::observe(Observer observer) {
  const std::lock_guard lock(impl_->observer_mutex);
  impl_->observer = std::move(observer);
}

}  // namespace shogo::sim
