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
#include <vector>

#include <shogo/base/result.h>

struct sqlite3;

namespace shogo::sim {

/// What the system says about a person whose certificate and signature are in order.
enum class PersonState { kEligible, kNotRegistered, kSuspended, kExpired, kRevoked };
[[nodiscard]] std::string_view to_string(PersonState state);
[[nodiscard]] std::optional<PersonState> person_state(std::string_view name);

/// What a person holds and may choose from at the counter (1-13.j): a certificate of a subsidy for medical
/// costs (受給者証), an electronic prescription, a referral letter (診療情報提供書).
enum class PaperKind { kSubsidy, kPrescription, kReferral };
[[nodiscard]] std::string_view to_string(PaperKind kind);
struct Paper {
  PaperKind kind = PaperKind::kSubsidy;
  std::string name;  ///< of the certificate, or of the institution and its department; synthetic
  bool operator==(const Paper&) const = default;
};
/// Of one kind, of one person.
constexpr std::size_t kMostPapers = 8;
constexpr std::size_t kLongestPaperName = 300;  ///< bytes

struct Person {
  std::string certificate_serial;  ///< of the user-authentication certificate: upper-case hex, the key
  std::string name;                ///< synthetic
  std::string birth_date;          ///< YYYYMMDD, synthetic
  PersonState state = PersonState::kEligible;
  std::vector<Paper> papers = {};  ///< in the order in which they are shown
};

class PersonRegister {
 public:
  /// `database` is a path, or ":memory:".
  static Result<PersonRegister> open(const std::filesystem::path& database);
  ~PersonRegister();
  PersonRegister(PersonRegister&&) noexcept;
  PersonRegister& operator=(PersonRegister&&) noexcept;

  /// Adds or replaces, papers and all. kInvalid: more than kMostPapers of a kind, or a
  /// longer name.
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
