// shogo pki: the synthetic trust hierarchy in files.
#include "arguments.h"
#include "commands.h"
#include <chrono>

#include <fmt/format.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/sim/revocation.h>
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

Result<void> write(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed", "1")));
  const std::filesystem::path folder = arguments.get("--out");
  if (folder.empty()) return Error{Code::kInvalid, "--out DIR is missing"};
  Nanoseconds today = std::chrono::system_clock::now().time_since_epoch();
  if (arguments.has("--today")) today = parse_jst(arguments.get("--today"));
  if (today.count() < 0)
    return Error{Code::kInvalid,
                 fmt::format("--today must be a day like 2026-04-01, not \"{}\"", arguments.get("--today"))};
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

}  // namespace shogo::conformance
