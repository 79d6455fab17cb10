// The staff's password for the management of the reader (3-20.b). There is no default one: a first start
// makes a one-time secret that only the clinic PC's administrator can read, and that is good for nothing but
// setting a password. Kept is what scrypt (RFC 7914) makes of it, with a salt of its own. One thread at a
// time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <shogo/base/result.h>
#include <shogo/base/secret.h>

namespace shogo::agent {

/// RFC 7914: memory is 128 * r * n bytes. The default takes 16 MiB and some 50 ms, for us and for a thief.
struct ScryptCost {
  std::uint64_t n = 1U << 14;
  std::uint64_t r = 8;
  std::uint64_t p = 1;
};

class Passwords {
 public:
  static constexpr std::size_t kShortest = 12;  ///< characters
  static constexpr std::size_t kLongest = 128;  ///< bytes

  /// `folder` belongs to the host agent's account; it is made when it does not exist. Without a password in
  /// it a one-time secret is made and left in one_time_file() (0600).
  static Result<Passwords> open(const std::filesystem::path& folder, ScryptCost cost = {});

  [[nodiscard]] bool matches(const Secret& password) const;
  /// Only the one-time secret is known: nothing but set() makes sense now.
  [[nodiscard]] bool one_time() const { return one_time_; }
  /// kInvalid with what a password must be; kUnavailable when it cannot be stored (the old one then stays).
  /// The one-time secret and its file go.
  Result<void> set(const Secret& password);
  /// Wrong passwords in a row, over every start of the program (3-20.b). A file that nobody understands
  /// counts as so many that the wait is the longest.
  [[nodiscard]] int failures() const { return failures_; }
  /// kUnavailable: not stored; a start would forget it.
  Result<void> keep_failures(int failures);
  [[nodiscard]] std::filesystem::path one_time_file() const { return folder_ / "first-password.txt"; }

 private:
  Passwords(std::filesystem::path folder, ScryptCost cost) : folder_(std::move(folder)), cost_(cost) {}
  Result<void> load();
  void load_failures();
  Result<void> store(const Secret& password, bool one_time);

  std::filesystem::path folder_;
  ScryptCost cost_;
  std::string salt_hex_, hash_hex_;
  bool one_time_ = false;
  int failures_ = 0;
};

}  // namespace shogo::agent
