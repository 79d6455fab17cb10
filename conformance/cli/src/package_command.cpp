// shogo package: update packages (docs/updates.md) made, looked at and verified without a device.
#include "arguments.h"
#include "commands.h"
#include <array>
#include <optional>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/secret.h>
#include <shogo/contract/update_package.h>
#include <shogo/sim/update_shelf.h>

namespace shogo::conformance {
namespace {

using contract::PackageHeader;
using contract::PackageKind;
using contract::PackageRefusal;
using contract::PublicKey;
using contract::SigningKey;

constexpr std::size_t kKeySize = std::tuple_size_v<PublicKey>;
constexpr std::size_t kMaxKeys = 8;  // docs/updates.md: content of a package of keys
/// Everything before the header of a package (update_package.h), and where its parts lie.
constexpr std::size_t kFixedPart = 86, kHeaderLength = 10, kSigner = 14, kSignerSize = 8;
constexpr std::size_t kMaxPackage = kFixedPart + contract::kMaxPackageHeader + contract::kMaxPackageContent;
constexpr std::array kKinds{PackageKind::kSettings, PackageKind::kAccuracy, PackageKind::kCardProfiles,
                            PackageKind::kFirmwareData, PackageKind::kKeys};

const CommandHelp kMake{
    "package make",
    "--kind KIND --version X.Y.Z --sequence N --content FILE --out FILE (--seed N | --key FILE) "
    "[--roll-back]",
    "Signs an update package. The key of a seed is synthetic: whoever knows the seed has the key.",
    {{"--kind", "KIND", "settings, accuracy, card_profiles, firmware_data or keys"},
     {"--version", "X.Y.Z", "of the content, for example 1.4.0"},
     {"--sequence", "N", "higher than that of every package of this kind before; at least 1"},
     {"--content", "FILE", "what the device gets, at most 16 MiB"},
     {"--out", "FILE", "the package"},
     {"--seed", "N", "sign with the synthetic test key of this seed"},
     {"--key", "FILE", "sign with this Ed25519 key: 64 hex digits"},
     {"--roll-back", "", "may bring an older version than the one in force"}},
    "  shogo package make --kind settings --version 1.0.0 --sequence 1 --content s.json --out s.pkg --seed 1",
    "  0 written; 2 wrong usage, or a file that cannot be read or written"};

const CommandHelp kShow{"package show",
                        "FILE",
                        "What a package says about itself. Nothing of it is verified.",
                        {},
                        "  shogo package show s.pkg",
                        "  0 shown; 2 no package, or a file that cannot be read"};

const CommandHelp kVerify{
    "package verify",
    "FILE (--seed N | --trust KEY...)",
    "Verifies signature and content as a device does. A device also refuses a sequence number that it has "
    "seen, and an\n"
    "older version: those depend on what it has installed.",
    {{"--seed", "N", "trust the synthetic test key of this seed"},
     {"--trust", "KEY", "trust this public key, 64 hex digits; may be repeated"}},
    "  shogo package verify s.pkg --seed 1",
    "  0 sound; 1 refused; 2 wrong usage, or a file that cannot be read"};

Result<SigningKey> key_of_seed(const Arguments& arguments) {
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed")));
  return sim::synthetic_update_key(seed);
}

Result<SigningKey> signing_key(const Arguments& arguments) {
  if (arguments.has("--seed") == arguments.has("--key"))
    return Error{Code::kInvalid, "give either --seed N (a synthetic test key) or --key FILE"};
  if (arguments.has("--seed")) return key_of_seed(arguments);
  constexpr std::size_t kLongestKeyFile = 1'024;
  SHOGO_TRY(std::string text, read_text(arguments.get("--key"), kLongestKeyFile));
  text.erase(text.find_last_not_of(" \r\n") + 1);
  const auto bytes = from_hex(text);
  wipe(text.data(), text.size());
  // Not the text itself in the message: it may be a key, all but one digit.
  if (!bytes.ok() || bytes->size() != kKeySize)
    return Error{Code::kInvalid, fmt::format("{} must hold 64 hex digits", arguments.get("--key"))};
  return SigningKey::from_seed(*bytes);
}

Result<PublicKey> public_key(const std::string& hex) {
  const auto bytes = from_hex(hex);
  PublicKey key{};
  if (!bytes.ok() || bytes->size() != key.size())
    return Error{Code::kInvalid, fmt::format("--trust must be 64 hex digits, got \"{}\"", hex)};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

Result<PackageKind> kind_named(const std::string& name) {
  std::vector<std::string> names;
  for (const PackageKind kind : kKinds) {
    if (contract::to_string(kind) == name) return kind;
    names.emplace_back(contract::to_string(kind));
  }
  return Error{Code::kInvalid,
               fmt::format("--kind must be one of {}, got \"{}\"", fmt::join(names, ", "), name)};
}

/// A device refuses such a package; whoever makes it should hear of it first.
Result<void> check_keys(ByteView content, const PublicKey& signer) {
  if (content.empty() || content.size() % kKeySize != 0 || content.size() > kMaxKeys * kKeySize)
    return Error{
        Code::kInvalid,
        fmt::format("a package of keys holds 1 to {} keys of {} bytes each; the content has {} bytes",
                    kMaxKeys, kKeySize, content.size())};
  for (std::size_t at = 0; at < content.size(); at += kKeySize)
    if (std::ranges::equal(content.subspan(at, kKeySize), signer)) return {};
  return Error{Code::kInvalid, "a package of keys must hold the key that signs it: add " + to_hex(signer)};
}

Result<void> make(const Arguments& arguments, Terminal& terminal) {
  for (const char* needed : {"--kind", "--version", "--sequence", "--content", "--out"})
    if (!arguments.has(needed)) return Error{Code::kInvalid, fmt::format("{} is missing", needed)};
  PackageHeader header;
  SHOGO_TRY(header.kind, kind_named(arguments.get("--kind")));
  SHOGO_TRY(header.version, contract::PackageVersion::parse(arguments.get("--version")));
  SHOGO_TRY(header.sequence, parse_number("--sequence", arguments.get("--sequence")));
  if (header.sequence == 0) return Error{Code::kInvalid, "--sequence must be at least 1"};
  header.roll_back = arguments.has("--roll-back");
  SHOGO_TRY(const SigningKey key, signing_key(arguments));
  SHOGO_TRY(const Bytes content, read_file(arguments.get("--content"), contract::kMaxPackageContent));
  if (header.kind == PackageKind::kKeys) SHOGO_CHECK_OK(check_keys(content, key.public_key()));
  SHOGO_CHECK_OK(write_file(arguments.get("--out"), contract::write_package(header, content, key)));
  terminal.out << fmt::format("{}: {} {} sequence {}, signed by {}\n", arguments.get("--out"),
                              contract::to_string(header.kind), header.version.text(), header.sequence,
                              to_hex(key.public_key()));
  return {};
}

Result<void> show(const Arguments& arguments, Terminal& terminal) {
  const std::string& path = arguments.positional(0);
  SHOGO_TRY(const Bytes package, read_file(path, kMaxPackage));
  const ByteView bytes = package;
  // Without a trusted key the reader of packages goes no further than lengths; it judges those here, too.
  const auto read = contract::read_package(bytes, {});
  const auto* refusal = std::get_if<PackageRefusal>(&read);
  if (refusal == nullptr || *refusal != PackageRefusal::kUnknownKey)
    return Error{Code::kInvalid, fmt::format("{} is no update package ({})", path,
                                             refusal == nullptr ? "" : contract::to_string(*refusal))};
  const std::size_t header_size = read_be(bytes.subspan(kHeaderLength, 4));
  SHOGO_TRY(const json::value header,
            parse_json(as_text(bytes.subspan(kFixedPart, header_size)), path + ": header"));
  terminal.out << fmt::format(
      "{}: not verified; it says of itself:\n{}key id {}\ncontent {} bytes, sha256 {}\n", path,
      pretty_json(header), to_hex(bytes.subspan(kSigner, kSignerSize)),
      bytes.size() - kFixedPart - header_size, sha256_hex(bytes.subspan(kFixedPart + header_size)));
  return {};
}

std::string_view meaning(PackageRefusal refusal) {
  switch (refusal) {
    case PackageRefusal::kNotAPackage:
      return "it does not begin like an update package of format 1";
    case PackageRefusal::kTruncated:
      return "its length is not the one that it names: transfer it again";
    case PackageRefusal::kTooLarge:
      return "its header or content is over the limit";
    case PackageRefusal::kUnknownKey:
      return "none of the trusted keys has signed it; shogo package show tells the signer's key id";
    case PackageRefusal::kBadSignature:
      return "a bit differs from what was signed";
    case PackageRefusal::kWrongContent:
      return "the content is not the one that was signed";
    case PackageRefusal::kBadHeader:
      return "signed, but its header says something that this program does not understand";
  }
  return "";
}

/// The exit code.
Result<int> verify(const Arguments& arguments, Terminal& terminal) {
  std::vector<PublicKey> trusted;
  if (arguments.has("--seed")) {
    SHOGO_TRY(const SigningKey key, key_of_seed(arguments));
    trusted.push_back(key.public_key());
  }
  for (const std::string& hex : arguments.all("--trust")) {
    SHOGO_TRY(const PublicKey key, public_key(hex));
    trusted.push_back(key);
  }
  if (trusted.empty())
    return Error{Code::kInvalid, "whose signature counts? Give --trust KEY, or --seed N for a test key"};
  const std::string& path = arguments.positional(0);
  SHOGO_TRY(const Bytes bytes, read_file(path, kMaxPackage));
  const auto read = contract::read_package(bytes, trusted);
  if (const auto* refusal = std::get_if<PackageRefusal>(&read)) {
    terminal.out << fmt::format("{}: refused, {}: {}\n", path, contract::to_string(*refusal),
                                meaning(*refusal));
    return kExitFail;
  }
  const auto& package = std::get<contract::Package>(read);
  terminal.out << fmt::format("{}: sound; {} {} sequence {}{}, content {} bytes\n", path,
                              contract::to_string(package.header.kind), package.header.version.text(),
                              package.header.sequence, package.header.roll_back ? " (roll-back)" : "",
                              package.content.size());
  return kExitOk;
}

template <typename Work>
int run(const CommandHelp& help, const Words& words, std::size_t positionals, Terminal& terminal, Work work) {
  const auto arguments = Arguments::parse(help, words, positionals);
  if (!arguments) return complain(terminal, help.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(help);
    return kExitOk;
  }
  const Result<int> done = work(*arguments);
  return done.ok() ? *done : complain(terminal, help.name, done.error());
}

}  // namespace

int package_make_command(const Words& words, Terminal& terminal) {
  return run(kMake, words, 0, terminal, [&](const Arguments& arguments) -> Result<int> {
    SHOGO_CHECK_OK(make(arguments, terminal));
    return kExitOk;
  });
}

int package_show_command(const Words& words, Terminal& terminal) {
  return run(kShow, words, 1, terminal, [&](const Arguments& arguments) -> Result<int> {
    SHOGO_CHECK_OK(show(arguments, terminal));
    return kExitOk;
  });
}

int package_verify_command(const Words& words, Terminal& terminal) {
  return run(kVerify, words, 1, terminal,
             [&](const Arguments& arguments) { return verify(arguments, terminal); });
}

}  // namespace shogo::conformance
