// Settle: from the transcript of a case to the verdict of its clause. The judge's word is the heart of it;
// around it stand the rules that no judge can bend: an incomplete script, a broken protocol, an unproven
// check never pass. Pure, so `shogo rejudge` calls exactly this on an archive.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/check.h>

namespace shogo::conformance {

/// Events (source "harness") with which the runner tells how a script ended.
namespace ending {
inline constexpr std::string_view kNoChannel = "no_channel";            ///< {capability?, text}
inline constexpr std::string_view kStimulusFailed = "stimulus_failed";  ///< {code, text}
inline constexpr std::string_view kHarnessError = "harness_error";      ///< {text}
/// The measurement that a person would make (class P) is known, because the bench made what is measured:
/// {text}.
inline constexpr std::string_view kPersonPartKnown = "person_part_known";
}  // namespace ending

/// The word of the judge after all rules, in the words of the clause's level. `killed`: the clause's mutants
/// that its check is known to catch.
[[nodiscard]] Judgement settle(const Check& check, const Clause& clause, const Transcript& transcript,
                               const CheckContext& context, const std::set<std::string>& killed);

/// Numbers of the clause by name.
[[nodiscard]] CheckContext make_context(const Clause& clause, const Hello& hello, std::string profile);

/// The shortest way to get what a capability gives, for a vendor's engineer.
[[nodiscard]] Bilingual how_to_get(std::string_view capability);

}  // namespace shogo::conformance
