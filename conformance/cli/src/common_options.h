// Options that several commands share, read in one way.
#pragma once

#include "arguments.h"
#include "terminal.h"
#include <set>
#include <string>

#include <shogo/conformance/catalogue.h>

namespace shogo::conformance {

inline constexpr Option kLangOption{"--lang", "ja|en", "language of the table (default: the environment's)"};
inline constexpr Option kCatalogueOption{"--catalogue", "DIR", "another catalogue than the built-in one"};
inline constexpr Option kClauseOption{"--clause", "ID",
                                      "only this clause or item (3-11.a, 3-11); may be repeated"};
inline constexpr Option kSeedOption{"--seed", "N", "seed of everything that is random (default 1)"};
inline constexpr Option kProfileOption{
    "--profile", "NAME", "quick: minutes (default); standard: full counts; proof: samples that prove rates"};

[[nodiscard]] Result<Language> language_of(const Arguments& arguments, const Terminal& terminal);
[[nodiscard]] Result<Catalogue> catalogue_of(const Arguments& arguments);
/// --clause, each one known to the catalogue.
[[nodiscard]] Result<std::set<std::string>> clauses_of(const Arguments& arguments,
                                                       const Catalogue& catalogue);
[[nodiscard]] Result<std::string> profile_of(const Arguments& arguments);

}  // namespace shogo::conformance
