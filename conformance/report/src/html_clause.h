// One item of the HTML report with its clauses.
#pragma once

#include <string>

#include <shogo/conformance/report.h>

namespace shogo::conformance {

/// Letter, verdict word, and the word in the page's language.
[[nodiscard]] std::string badge(Language language, Verdict verdict);
[[nodiscard]] std::string html_item(const JudgedItem& judged, Language language);

}  // namespace shogo::conformance
