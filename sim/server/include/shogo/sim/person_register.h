// The people the eligibility server knows, in SQLite: a file keeps them across runs, ":memory:" is a fresh
// town each time. Every person here is synthetic. Thread-safe: one connection behind one mutex.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <shogo/base/result.h>

struct sqlite3;

namespace shogo::sim {

/// What the system says about a person whose certificate and signature are in order.
enum class PersonState { kEligible, kNotRegistered, kSuspended, kExpired, kRevoked };
[[nodiscard]] std::string_view to_string(PersonState state);
[[nodiscard]] std::optional<PersonState> person_state(std::string_view name);

struct Person {
  std::string certificate_serial;  ///< of the user-authentication certificate: upper-case hex, the key
  std::string name;                ///< synthetic
  std::string birth_date;          ///< YYYYMMDD, synthetic
  PersonState state = PersonState::kEligible;
};

class PersonRegister {
 public:
  /// `database` is a path, or ":memory:".
  static Result<PersonRegister> open(const std::filesystem::path& database);
  ~PersonRegister();
  PersonRegister(PersonRegister&&) noexcept;
  PersonRegister& operator=(PersonRegister&&) noexcept;

  /// Adds or replaces.
  [[nodiscard]] Result<void> put(const Person& person);
  /// Nothing when nobody has this certificate.
  [[nodiscard]] Result<std::optional<Person>> find(std::string_view certificate_serial) const;
  /// kNotFound when nobody has this certificate.
  [[nodiscard]] Result<void> set_state(std::string_view certificate_serial, PersonState state);

 private:
  explicit PersonRegister(sqlite3* database);
  sqlite3* database_ = nullptr;
  std::unique_ptr<std::mutex> mutex_;
};

}  // namespace shogo::sim
