// Clause: one testable statement of a requirement item, as the catalogue keeps it. Plain data; the words are
// those of docs/glossary.md and of conformance/catalogue/schema/item.schema.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

/// The same statement in both languages.
struct Bilingual {
  std::string ja, en;
  bool operator==(const Bilingual&) const = default;
};

enum class Level {
  kMandatory,    ///< ○ in the source
  kRecommended,  ///< − in the source
  kDerived,      ///< ＊ ours, from the purpose of the item: never decides it
};

enum class Part {
  kAutomatic,    ///< A: over the device's interfaces
  kStatistical,  ///< S: a rate
  kPhysical,     ///< P: a person measures
  kDocument,     ///< D: a person reads
};

/// "A", "A+P" (both must pass), "A|P" (A where the channel exists, else P).
struct ClauseClass {
  std::vector<Part> parts;
  bool alternatives = false;  ///< joined by |
  bool operator==(const ClauseClass&) const = default;
  [[nodiscard]] bool has(Part part) const;
  /// A machine can give at least one part of the verdict.
  [[nodiscard]] bool has_automatic() const { return has(Part::kAutomatic) || has(Part::kStatistical); }
  /// A person must give a part of the verdict, whatever the machine says.
  [[nodiscard]] bool needs_person() const;
};

/// Least access to the device that can give a verdict; kNone where access plays no part.
enum class Tier { kNone, kT0, kT1, kT2, kT3 };

/// One number that decides or shapes the verdict.
struct Number {
  std::string name;  ///< "key_width_min"
  std::string op;    ///< "=", "<", "<=", ">", ">=": how a measured value is held against it
  double value = 0;
  std::string unit;
  bool ours = false;  ///< † our proposal: the document gives none
  bool operator==(const Number&) const = default;
};

struct Clause {
  std::string id;  ///< "1-8.a"
  Level level = Level::kMandatory;
  ClauseClass parts;
  Tier tier = Tier::kNone;
  std::optional<Bilingual> applies_if;  ///< nothing: always
  std::string changed_in;               ///< "1.1"; empty: unchanged since the first edition
  Bilingual text, procedure, criterion;
  std::vector<Number> numbers;
  std::vector<std::string> stimuli, channels;
  Bilingual evidence;
  std::vector<std::string> mutants;
  bool operator==(const Clause&) const = default;

  [[nodiscard]] const Number* number(std::string_view name) const;
};

struct Item {
  std::string id;  ///< "1-8"
  int group = 0;
  Bilingual title, paraphrase;
  Level level = Level::kMandatory;
  std::string changed_in;
  std::vector<Clause> clauses;
};

[[nodiscard]] std::string_view to_string(Level level);
[[nodiscard]] std::string to_string(const ClauseClass& parts);
/// "" for kNone.
[[nodiscard]] std::string_view to_string(Tier tier);
[[nodiscard]] std::optional<Level> level_from(std::string_view text);
[[nodiscard]] std::optional<ClauseClass> class_from(std::string_view text);

/// Strict: unknown keys, unknown words, a missing language are errors that name file and path.
[[nodiscard]] Result<Bilingual> read_bilingual(const JsonObject& parent, std::string_view key);
[[nodiscard]] Result<Clause> read_clause(const JsonObject& object);
[[nodiscard]] Result<Item> read_item(const JsonObject& object);
/// What read_clause reads.
[[nodiscard]] json::object to_json(const Clause& clause);
[[nodiscard]] json::object to_json(const Bilingual& text);

}  // namespace shogo::conformance
