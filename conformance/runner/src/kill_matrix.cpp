#include <algorithm>

#include <shogo/base/file.h>
#include <shogo/conformance/kill_matrix.h>

namespace shogo::conformance {
namespace {

json::array to_array(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

Result<MutantRecord> read_mutant(const JsonObject& object) {
  MutantRecord mutant;
  SHOGO_CHECK_OK(object.only({"id", "clauses", "killed", "killed_by", "also_killed_by", "others_asked"}));
  SHOGO_TRY(mutant.id, object.string("id"));
  SHOGO_TRY(mutant.clauses, object.strings("clauses"));
  SHOGO_TRY(mutant.killed, object.boolean("killed"));
  SHOGO_TRY(mutant.killed_by, object.strings("killed_by"));
  SHOGO_TRY(mutant.also_killed_by, object.strings("also_killed_by"));
  SHOGO_TRY(mutant.others_asked, object.boolean("others_asked"));
  const bool all = !mutant.clauses.empty() &&
                   std::all_of(mutant.clauses.begin(), mutant.clauses.end(),
                               [&](const std::string& clause) { return contains(mutant.killed_by, clause); });
  // "killed" follows from the rest; a file edited by hand must not prove anything.
  if (mutant.killed != all)
    return Error{Code::kInvalid, object.where() + ": \"killed\" contradicts \"killed_by\""};
  return mutant;
}

}  // namespace

std::vector<std::string> KillMatrix::survivors() const {
  std::vector<std::string> ids;
  for (const MutantRecord& mutant : mutants)
    if (!mutant.killed) ids.push_back(mutant.id);
  return ids;
}

std::set<std::string> KillMatrix::killed_by(std::string_view clause) const {
  std::set<std::string> ids;
  for (const MutantRecord& mutant : mutants)
    if (contains(mutant.killed_by, clause)) ids.insert(mutant.id);
  return ids;
}

std::set<std::string> KillMatrix::clauses() const {
  std::set<std::string> ids(undecidable.begin(), undecidable.end());
  for (const MutantRecord& mutant : mutants) ids.insert(mutant.clauses.begin(), mutant.clauses.end());
  return ids;
}

KillMatrix merge(const KillMatrix& older, const KillMatrix& newer) {
  const std::set<std::string> replaced = newer.clauses();
  KillMatrix merged = newer;
  const auto keep = [&](std::vector<std::string>& to, const std::vector<std::string>& from) {
    for (const std::string& clause : from)
      if (replaced.count(clause) == 0 && !contains(to, clause)) to.push_back(clause);
    std::sort(to.begin(), to.end());
  };
  keep(merged.undecidable, older.undecidable);
  keep(merged.baseline_failures, older.baseline_failures);
  for (const MutantRecord& old : older.mutants) {
    auto found = std::find_if(merged.mutants.begin(), merged.mutants.end(),
                              [&](const MutantRecord& mutant) { return mutant.id == old.id; });
    if (found == merged.mutants.end()) {
      merged.mutants.push_back({old.id, {}, false, {}, {}, old.others_asked});
      found = std::prev(merged.mutants.end());
    }
    keep(found->clauses, old.clauses);
    keep(found->killed_by, old.killed_by);
    keep(found->also_killed_by, old.also_killed_by);
    found->killed = found->killed_by.size() == found->clauses.size();
  }
  std::erase_if(merged.mutants, [](const MutantRecord& mutant) { return mutant.clauses.empty(); });
  std::sort(merged.mutants.begin(), merged.mutants.end(),
            [](const MutantRecord& a, const MutantRecord& b) { return a.id < b.id; });
  return merged;
}

json::object to_json(const KillMatrix& matrix) {
  json::array mutants;
  for (const MutantRecord& mutant : matrix.mutants)
    mutants.push_back(json::object{{"id", mutant.id},
                                   {"clauses", to_array(mutant.clauses)},
                                   {"killed", mutant.killed},
                                   {"killed_by", to_array(mutant.killed_by)},
                                   {"also_killed_by", to_array(mutant.also_killed_by)},
                                   {"others_asked", mutant.others_asked}});
  return {{"schema", kKillMatrixSchema},
          {"build_id", matrix.build_id},
          {"mutants", std::move(mutants)},
          {"survivors", to_array(matrix.survivors())},
          {"undecidable", to_array(matrix.undecidable)},
          {"baseline_failures", to_array(matrix.baseline_failures)}};
}

Result<KillMatrix> parse_kill_matrix(const json::value& value, const std::string& where) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(value, where));
  SHOGO_CHECK_OK(
      object.only({"schema", "build_id", "mutants", "survivors", "undecidable", "baseline_failures"}));
  SHOGO_TRY(const std::string schema, object.string("schema"));
  if (schema != kKillMatrixSchema)
    return Error{Code::kInvalid,
                 where + ": schema is \"" + schema + "\", expected " + std::string(kKillMatrixSchema)};
  KillMatrix matrix;
  SHOGO_TRY(matrix.build_id, object.string("build_id"));
  SHOGO_TRY(const std::vector<JsonObject> mutants, object.objects("mutants"));
  for (const JsonObject& mutant_object : mutants) {
    SHOGO_TRY(MutantRecord mutant, read_mutant(mutant_object));
    matrix.mutants.push_back(std::move(mutant));
  }
  SHOGO_TRY(const std::vector<std::string> survivors, object.strings("survivors"));
  if (survivors != matrix.survivors())
    return Error{Code::kInvalid, where + ": \"survivors\" contradicts \"mutants\""};
  SHOGO_TRY(matrix.undecidable, object.strings("undecidable"));
  SHOGO_TRY(matrix.baseline_failures, object.strings("baseline_failures"));
  return matrix;
}

Result<KillMatrix> load_kill_matrix(const std::filesystem::path& file) {
  SHOGO_TRY(const json::value value, load_json(file));
  return parse_kill_matrix(value, file.string());
}

}  // namespace shogo::conformance
