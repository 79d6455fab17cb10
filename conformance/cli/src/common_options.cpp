#include "common_options.h"

#include <shogo/conformance/run.h>

namespace shogo::conformance {

Result<Language> language_of(const Arguments& arguments, const Terminal& terminal) {
  const std::string given = arguments.get("--lang");
  if (given.empty()) return terminal.language;
  if (given == "ja") return Language::kJa;
  if (given == "en") return Language::kEn;
  return Error{Code::kInvalid, "--lang must be ja or en, not \"" + given + "\""};
}

Result<Catalogue> catalogue_of(const Arguments& arguments) {
  const std::string folder = arguments.get("--catalogue");
  return folder.empty() ? load_catalogue() : load_catalogue(folder);
}

Result<std::set<std::string>> clauses_of(const Arguments& arguments, const Catalogue& catalogue) {
  const std::vector<std::string> given = arguments.all("--clause");
  std::set<std::string> clauses(given.begin(), given.end());
  SHOGO_CHECK_OK(check_selection(catalogue, clauses));
  return clauses;
}

Result<std::string> profile_of(const Arguments& arguments) {
  std::string profile = arguments.get("--profile", "quick");
  if (profile == "quick" || profile == "standard" || profile == "proof") return profile;
  return Error{Code::kInvalid, "--profile must be quick, standard or proof, not \"" + profile + "\""};
}

}  // namespace shogo::conformance
