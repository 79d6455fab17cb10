#include "management/passwords.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <unistd.h>

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>

#include <shogo/base/bytes.h>
#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr std::size_t kSalt = 16;
constexpr std::size_t kHash = 32;
constexpr int kVersion = 1;
constexpr std::uint64_t kMostMemory = 256U << 20;
constexpr std::size_t kFewestKinds = 5;
constexpr const char* kFailuresFile = "failures.json";
constexpr int kMostFailures = 1'000;
// 2 to the power of 100 in characters that nobody confuses (no 0 O 1 I L).
constexpr std::size_t kOneTimeLength = 20;
constexpr std::string_view kOneTimeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

Result<std::string> scrypt_hex(const Secret& password, ByteView salt, const ScryptCost& cost) {
  std::array<std::uint8_t, kHash> key{};
  const ByteView text = password.expose();
  if (EVP_PBE_scrypt(reinterpret_cast<const char*>(text.data()), text.size(), salt.data(), salt.size(),
                     cost.n, cost.r, cost.p, kMostMemory, key.data(), key.size()) != 1)
    return Error{Code::kInternal, "scrypt refused its parameters"};
  std::string hex = to_hex(key);
  wipe(key.data(), key.size());
  return hex;
}

/// Beside the target and then renamed, so that a full disk or a power cut leaves the old one.
Result<void> write_private(const std::filesystem::path& path, ByteView bytes) {
  const std::filesystem::path beside = path.string() + ".new";
  ::unlink(beside.c_str());
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool written = fd >= 0 &&
                       ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
                       ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0) ::close(fd);
  if (written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  ::unlink(beside.c_str());
  return Error{Code::kUnavailable, fmt::format("cannot write {}: {}", path.string(), std::strerror(why))};
}

Result<void> check_strength(const Secret& password) {
  std::size_t characters = 0;
  for (const std::uint8_t byte : password.expose()) {
    if (byte < 0x20 || byte == 0x7F) return Error{Code::kInvalid, "a password holds no control characters"};
    if ((byte & 0xC0) != 0x80) ++characters;
  }
  const auto bytes = password.expose();
  const std::set<std::uint8_t> kinds(bytes.begin(), bytes.end());
  if (characters < Passwords::kShortest || password.size() > Passwords::kLongest)
    return Error{Code::kInvalid, fmt::format("a password needs {} characters at least and {} bytes at most",
                                             Passwords::kShortest, Passwords::kLongest)};
  if (kinds.size() < kFewestKinds)
    return Error{Code::kInvalid,
                 fmt::format("a password needs {} different characters at least", kFewestKinds)};
  return {};
}

}  // namespace

Result<Passwords> Passwords::open(const std::filesystem::path& folder, ScryptCost cost) {
  std::error_code ec;
  if (std::filesystem::create_directories(folder, ec)) ::chmod(folder.c_str(), 0700);
  Passwords passwords(folder, cost);
  passwords.load_failures();
  if (std::filesystem::exists(folder / "password.json", ec)) {
    SHOGO_CHECK_OK(passwords.load());
    return passwords;
  }
  Secret first(kOneTimeLength);
  while (first.size() < kOneTimeLength) {
    std::uint8_t byte = 0;
    if (RAND_bytes(&byte, 1) != 1) return Error{Code::kInternal, "the system gives no random bytes"};
    // Bytes beyond the last whole multiple would make some characters likelier.
    if (byte >= 256 - 256 % kOneTimeAlphabet.size()) continue;
    first.push_back(static_cast<std::uint8_t>(kOneTimeAlphabet[byte % kOneTimeAlphabet.size()]));
  }
  SHOGO_CHECK_OK(write_private(passwords.one_time_file(), first.expose()));
  SHOGO_CHECK_OK(passwords.store(first, true));
  return passwords;
}

void Passwords::load_failures() {
  const auto text = read_text(folder_ / kFailuresFile);
  if (!text.ok() && text.error().code() == Code::kNotFound) return;
  const auto document = parse_json(text.ok() ? *text : "", kFailuresFile);
  const json::value* count =
      document.ok() && document->is_object() ? document->get_object().if_contains("failures") : nullptr;
  const bool sound = count != nullptr && count->is_int64() && count->get_int64() >= 0;
  failures_ =
      sound ? static_cast<int>(std::min<std::int64_t>(count->get_int64(), kMostFailures)) : kMostFailures;
}

Result<void> Passwords::keep_failures(int failures) {
  if (failures == failures_) return {};
  const std::string text = pretty_json({{"failures", failures}});
  SHOGO_CHECK_OK(write_private(folder_ / kFailuresFile, as_bytes(text)));
  failures_ = failures;
  return {};
}

Result<void> Passwords::load() {
  const std::filesystem::path path = folder_ / "password.json";
  SHOGO_TRY(const json::value document, load_json(path));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, path.string()));
  SHOGO_TRY(const std::int64_t version, object.integer("version"));
  if (version != kVersion)
    return Error{Code::kUnsupported,
                 fmt::format("{}: version {}; this program reads {}", path.string(), version, kVersion)};
  SHOGO_TRY(const std::int64_t n, object.integer("n"));
  SHOGO_TRY(const std::int64_t r, object.integer("r"));
  SHOGO_TRY(const std::int64_t p, object.integer("p"));
  SHOGO_TRY(salt_hex_, object.string("salt"));
  SHOGO_TRY(hash_hex_, object.string("hash"));
  SHOGO_TRY(one_time_, object.boolean("one_time"));
  const auto salt = from_hex(salt_hex_);
  // A file that somebody has shortened must not open the door.
  if (!salt.ok() || salt->size() != kSalt || hash_hex_.size() != 2 * kHash || n < 2 || r < 1 || p < 1 ||
      n > (1 << 20) || r > 32 || p > 16)
    return Error{Code::kCorrupt,
                 fmt::format("{}: not what this program has written; remove it to begin with a "
                             "one-time secret again",
                             path.string())};
  cost_ = {static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(p)};
  return {};
}

Result<void> Passwords::store(const Secret& password, bool one_time) {
  Bytes salt(kSalt);
  if (RAND_bytes(salt.data(), static_cast<int>(salt.size())) != 1)
    return Error{Code::kInternal, "the system gives no random bytes"};
  SHOGO_TRY(std::string hash, scrypt_hex(password, salt, cost_));
  const std::string text = pretty_json({{"version", kVersion},
                                        {"kdf", "scrypt"},
                                        {"n", cost_.n},
                                        {"r", cost_.r},
                                        {"p", cost_.p},
                                        {"salt", to_hex(salt)},
                                        {"hash", hash},
                                        {"one_time", one_time}});
  SHOGO_CHECK_OK(write_private(folder_ / "password.json", as_bytes(text)));
  salt_hex_ = to_hex(salt);
  hash_hex_ = std::move(hash);
  one_time_ = one_time;
  return {};
}

bool Passwords::matches(const Secret& password) const {
  const auto salt = from_hex(salt_hex_);
  const auto hash = salt.ok() ? scrypt_hex(password, *salt, cost_) : Result<std::string>(salt.error());
  return hash.ok() && hash->size() == hash_hex_.size() &&
         CRYPTO_memcmp(hash->data(), hash_hex_.data(), hash->size()) == 0;
}

Result<void> Passwords::set(const Secret& password) {
  SHOGO_CHECK_OK(check_strength(password));
  if (matches(password)) return Error{Code::kInvalid, "the new password is the old one"};
  SHOGO_CHECK_OK(store(password, false));
  std::error_code ec;
  std::filesystem::remove(one_time_file(), ec);
  return {};
}

}  // namespace shogo::agent
