// shogo pki, pki serve: the synthetic trust hierarchy in files, and what it says about revoked certificates.
#include "arguments.h"
#include "commands.h"
#include <charconv>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/base/foreground.h>
#include <shogo/sim/revocation.h>
#include <shogo/sim/revocation_service.h>
#include <shogo/sim/test_pki.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "pki",
    "--out DIR [--seed N] [--revoke SERIAL[=REASON]]... [--today DATE]",
    "Writes the synthetic hierarchy of a seed: the authorities' certificates (PEM) and private keys, server "
    "and\n"
    "clinic certificates for TLS, and a revocation list of each card authority. Cards that shogo card issue "
    "made with\n"
    "the same --pki are signed by it. Nothing here protects anything: the keys follow from the seed.",
    {{"--out", "DIR", "where to; created when missing"},
     {"--seed", "N", "which hierarchy (default 1)"},
     {"--revoke", "SERIAL",
      "a certificate's serial number in hex, on both lists; may be repeated. =REASON: one of "
      "unspecified, key_compromise, affiliation_changed, superseded, cessation, hold"},
     {"--today", "DATE", "the lists' day, YYYY-MM-DD (default: today)"}},
    "  shogo pki --out pki\n"
    "  shogo pki --out pki --revoke 90000002=key_compromise",
    "  0 written; 2 wrong usage or a folder that cannot be written"};

const CommandHelp kServeHelp{
    "pki serve",
    "[DIR] [--seed N] [--listen ADDRESS:PORT] [--revoke SERIAL[=REASON]]... [-- COMMAND...]",
    "Answers whether certificates of the synthetic hierarchy are revoked: OCSP (RFC 6960, POST and GET) and\n"
    "revocation lists, over plain HTTP, one path for each card authority. DIR is a folder that shogo pki "
    "wrote;\n"
    "what its lists hold is revoked. Without DIR: the hierarchy of --seed. With a COMMAND: runs it with "
    "SHOGO_PKI_URL\n"
    "set to the address, and ends with its exit code. Without: answers until Ctrl-C.\n"
    "Every certificate of an authority that is not revoked is good; another authority's is unknown.",
    {{"--seed", "N", "which hierarchy (default 1); not with DIR"},
     {"--listen", "ADDRESS:PORT", "where (default 127.0.0.1:0, port 0 being any free one)"},
     {"--revoke", "SERIAL", "as shogo pki --revoke, besides what the lists of DIR hold"},
     {"--today", "DATE",
      "answers bear this day, YYYY-MM-DD, 0:00 in Japan: the same request always gets the same bytes "
      "(default: the time it is)"}},
    "  shogo pki --out pki --revoke 90000002=key_compromise\n"
    "  shogo pki serve pki\n"
    "  shogo pki serve pki --listen 192.0.2.1:8080\n"
    "  shogo pki serve --seed 1 -- sh -c 'curl -s $SHOGO_PKI_URL/signature/crl | openssl crl -inform DER "
    "-text'",
    "  the COMMAND's; 0 after Ctrl-C; 2 for wrong usage, a damaged DIR, or an address that cannot be had"};

Result<sim::Revocation> revocation(const std::string& text, Nanoseconds when) {
  const std::size_t equals = text.find('=');
  sim::Revocation one;
  one.serial_hex = text.substr(0, equals);
  one.when = when;
  if (equals != std::string::npos) {
    SHOGO_TRY(one.reason, sim::parse_reason(text.substr(equals + 1)));
  }
  return one;
}

Result<Nanoseconds> day_of(const std::string& text) {
  const Nanoseconds day = parse_jst(text);
  if (day.count() < 0)
    return Error{Code::kInvalid, fmt::format("--today must be a day like 2026-04-01, not \"{}\"", text)};
  return day;
}

Result<void> write(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed", "1")));
  const std::filesystem::path folder = arguments.get("--out");
  if (folder.empty()) return Error{Code::kInvalid, "--out DIR is missing"};
  Nanoseconds today = std::chrono::system_clock::now().time_since_epoch();
  if (arguments.has("--today")) {
    SHOGO_TRY(today, day_of(arguments.get("--today")));
  }
  std::vector<sim::Revocation> revoked;
  for (const std::string& text : arguments.all("--revoke")) {
    SHOGO_TRY(sim::Revocation one, revocation(text, today));
    revoked.push_back(std::move(one));
  }
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return Error{Code::kDenied, fmt::format("cannot create {}: {}", folder.string(), ec.message())};
  SHOGO_TRY(const sim::TestPki pki, sim::TestPki::create(seed));
  SHOGO_TRY([[maybe_unused]] const sim::PemFiles files, pki.write_pem_files(folder));
  SHOGO_CHECK_OK(pki.write_authority_keys(folder));
  constexpr auto kWeek = std::chrono::hours(24 * 7);
  for (const auto& [name, authority] :
       {std::pair{"user-authentication-ca.crl", &pki.user_authentication_ca()},
        std::pair{"signature-ca.crl", &pki.signature_ca()}}) {
    SHOGO_TRY(const std::string list, sim::revocation_list_pem(*authority, revoked, today, today + kWeek));
    SHOGO_CHECK_OK(write_text(folder / name, list));
  }
  terminal.out << fmt::format("The synthetic hierarchy of seed {} is in {} ({} revoked)\n", seed,
                              folder.string(), revoked.size());
  return {};
}

Result<sim::RevocationService::Options> listen_at(const std::string& text) {
  sim::RevocationService::Options at;
  const std::size_t colon = text.rfind(':');
  const char* end = text.data() + text.size();
  const auto [stop, failed] = colon == std::string::npos
                                  ? std::from_chars_result{end, std::errc::invalid_argument}
                                  : std::from_chars(text.data() + colon + 1, end, at.port);
  if (failed != std::errc() || stop != end || colon == 0)
    return Error{Code::kInvalid,
                 fmt::format("--listen must be like 127.0.0.1:8080 or [::1]:8080, not \"{}\"", text)};
  at.address = text.substr(0, colon);
  if (at.address.front() == '[' && at.address.back() == ']')
    at.address = at.address.substr(1, at.address.size() - 2);
  return at;
}

struct ServedAuthority {
  std::string name;
  sim::Identity identity;
  std::vector<sim::Revocation> revoked;
};

Result<ServedAuthority> authority_of(const std::filesystem::path& folder, const std::string& name) {
  SHOGO_TRY(sim::Identity identity, sim::read_authority(folder, name + "-ca"));
  const std::filesystem::path list = folder / (name + "-ca.crl");
  std::vector<sim::Revocation> revoked;
  if (std::filesystem::exists(list)) {
    SHOGO_TRY(const std::string pem, read_text(list));
    auto held = sim::read_revocation_list(pem, identity.certificate);
    if (!held.ok()) return Error{Code::kCorrupt, list.string(), held.error()};
    revoked = std::move(held).value();
  }
  return ServedAuthority{name, std::move(identity), std::move(revoked)};
}

Result<int> serve(const Arguments& arguments, Terminal& terminal) {
  if (!arguments.positionals().empty() && arguments.has("--seed"))
    return Error{Code::kInvalid, "--seed makes a hierarchy; leave it out when DIR is given"};
  const SignalsHeld signals;  // before any thread
  SHOGO_TRY(const sim::RevocationService::Options at, listen_at(arguments.get("--listen", "127.0.0.1:0")));
  std::optional<Nanoseconds> today;
  if (arguments.has("--today")) {
    SHOGO_TRY(today, day_of(arguments.get("--today")));
  }
  const auto now = [today] {
    return today.value_or(Nanoseconds(std::chrono::system_clock::now().time_since_epoch()));
  };
  // A hierarchy of a seed goes into files too: the example command needs the authorities' certificates.
  SHOGO_TRY(const TemporaryFolder own, TemporaryFolder::create("shogo-pki"));
  std::filesystem::path folder = own.path();
  if (arguments.positionals().empty()) {
    SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed", "1")));
    SHOGO_TRY(const sim::TestPki pki, sim::TestPki::create(seed));
    SHOGO_TRY([[maybe_unused]] const sim::PemFiles files, pki.write_pem_files(folder));
    SHOGO_CHECK_OK(pki.write_authority_keys(folder));
  } else {
    folder = arguments.positional(0);
  }
  std::vector<ServedAuthority> authorities;
  for (const char* name : {"user-authentication", "signature"}) {
    SHOGO_TRY(ServedAuthority one, authority_of(folder, name));
    authorities.push_back(std::move(one));
  }
  std::vector<std::unique_ptr<sim::OcspResponder>> responders;
  std::vector<sim::RevocationService::Authority> paths;
  for (const ServedAuthority& one : authorities) {
    responders.push_back(std::make_unique<sim::OcspResponder>(one.identity, now));
    for (const sim::Revocation& held : one.revoked) responders.back()->revoke(held);
    for (const std::string& text : arguments.all("--revoke")) {
      SHOGO_TRY(const sim::Revocation more, revocation(text, now()));
      responders.back()->revoke(more);
    }
    // A serial number that is none shows here, not at the first question.
    SHOGO_TRY([[maybe_unused]] const Bytes list, responders.back()->list_der());
    paths.push_back({"/" + one.name, responders.back().get()});
  }
  SHOGO_TRY(const auto service, sim::RevocationService::start(paths, at));
  if (sim::reachable_from_network(at.address))
    terminal.err << fmt::format(
        "shogo pki serve: warning: {} is not this machine alone: everybody on the network can ask, without a "
        "password; the default address 127.0.0.1 keeps it here\n",
        at.address);
  if (!arguments.rest().empty())
    return run_in_foreground("shogo pki serve", arguments.rest(), {"SHOGO_PKI_URL=" + service->url()},
                             signals, terminal.err);
  for (std::size_t i = 0; i < paths.size(); ++i)
    terminal.out << fmt::format(
        "{0}{1}       OCSP of the {2} authority ({3} revoked)\n{0}{1}/crl   its list\n", service->url(),
        paths[i].path, authorities[i].name, responders[i]->revoked().size());
  terminal.out << fmt::format(
      "Ask with\n  openssl ocsp -issuer {0} -CAfile {0} -cert CERTIFICATE.pem -url {1}{2}\nCtrl-C ends it.\n",
      (folder / "user-authentication-ca.pem").string(), service->url(), paths[0].path);
  terminal.out.flush();
  for (;;) {
    const int number = signals.next();
    if (number == SIGINT || number == SIGTERM) return 0;
  }
}

}  // namespace

int pki_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto done = write(*arguments, terminal);
  return done.ok() ? kExitOk : complain(terminal, kHelp.name, done.error());
}

int pki_serve_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kServeHelp, words, 0, true, 1);
  if (!arguments) return complain(terminal, kServeHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kServeHelp);
    return kExitOk;
  }
  const auto code = serve(*arguments, terminal);
  return code.ok() ? *code : complain(terminal, kServeHelp.name, code.error());
}

}  // namespace shogo::conformance
