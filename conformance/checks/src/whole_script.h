// A PASS says that something did not happen: it needs the whole story. A transcript that was cut off, or put
// together in another order, may lack just the event that would have failed.
#pragma once

#include <string_view>

#include <shogo/conformance/transcript.h>
#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

/// Kind of the stimulus note that ends every script (journey.h, end_script).
inline constexpr std::string_view kScriptEnd = "script_end";

/// Last line of every judge: a PASS becomes INCONCLUSIVE when the script's end is missing or the times of the
/// events run backwards. Any other verdict stays: what was seen was seen.
[[nodiscard]] Judgement only_if_whole(Judgement judgement, const Transcript& transcript);

/// Very last: a PASS becomes INCONCLUSIVE(PARTIAL) when only `given` of the `all` stimuli that the clause
/// names could be given. `missing_*` says which not, and why. Any other verdict stays.
[[nodiscard]] Judgement partial(Judgement judgement, int given, int all, std::string_view missing_en,
                                std::string_view missing_ja);

}  // namespace shogo::conformance
