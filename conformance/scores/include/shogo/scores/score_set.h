// The scores of one evaluation in memory: genuine and impostor similarities, and who was compared when the
// file says so. Cheap to copy (shares its storage), never changed after it was made; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::scores {

/// Columns as a reader collects them. Subject columns are either empty or as long as their scores.
struct ScoreColumns {
  std::vector<float> genuine, impostor;
  std::vector<std::uint32_t> genuine_subject;                   ///< whose own comparison it is
  std::vector<std::uint32_t> impostor_claimed, impostor_probe;  ///< reference and probe subject, never equal
  std::uint32_t subjects = 0;                                   ///< numbers above are below this
};

class ScoreSet {
 public:
  ScoreSet() = default;
  /// Refuses columns of different length and subjects out of range.
  static Result<ScoreSet> of(ScoreColumns columns);
  /// Views into memory that `keep` keeps alive (a mapped file).
  static Result<ScoreSet> view(std::shared_ptr<const void> keep, std::span<const float> genuine,
                               std::span<const float> impostor,
                               std::span<const std::uint32_t> genuine_subject,
                               std::span<const std::uint32_t> impostor_claimed,
                               std::span<const std::uint32_t> impostor_probe, std::uint32_t subjects);

  [[nodiscard]] std::span<const float> genuine() const { return genuine_; }
  [[nodiscard]] std::span<const float> impostor() const { return impostor_; }
  [[nodiscard]] bool has_subjects() const { return subjects_ > 0; }
  [[nodiscard]] std::span<const std::uint32_t> genuine_subject() const { return genuine_subject_; }
  [[nodiscard]] std::span<const std::uint32_t> impostor_claimed() const { return impostor_claimed_; }
  [[nodiscard]] std::span<const std::uint32_t> impostor_probe() const { return impostor_probe_; }
  [[nodiscard]] std::uint32_t subjects() const { return subjects_; }

  /// Comparisons that gave no score (no face found, matcher failed): genuine ones count as not matched
  /// wherever a whole system is judged, impostor ones as not matched too.
  std::uint64_t genuine_failures = 0, impostor_failures = 0;
  std::string format;              ///< "bob5", as read
  std::vector<std::string> names;  ///< of subjects, by number; empty when the file has numbers only
  std::vector<std::string> notes;  ///< what the reader assumed, for the report

 private:
  std::shared_ptr<const void> keep_;
  std::span<const float> genuine_, impostor_;
  std::span<const std::uint32_t> genuine_subject_, impostor_claimed_, impostor_probe_;
  std::uint32_t subjects_ = 0;
};

}  // namespace shogo::scores
