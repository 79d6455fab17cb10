#include "hand_over.h"

#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/file.h>

namespace shogo::agent {
namespace {

struct Element {
  std::string_view question, name;
};
constexpr Element kElements[] = {
    {"operations", "OperationInfoConsFlg"},
    {"diagnosis", "DiagnosisInfoConsFlg"},
    {"diagnosis", "PharmacistsInfoConsFlg"},
    {"checkup", "SpecificHealthCheckupsInfoConsFlg"},
    {"high_cost", "LimitApplicationCertificateRelatedConsFlg"},
    {"specific", "SpecificDiseasesCertificateRelatedConsFlg"},
    {"subsidy", "PublicExpenseConsFlg"},
    {"referral", "ReferralConsFlg"},
};

/// Which papers were chosen, ids between blanks: *synthetic*, no public file names them.
struct Choice {
  std::string_view question, yes, name;
};
constexpr Choice kChoices[] = {{"subsidy", "agree", "PublicExpenseSelect"},
                               {"prescription", "electronic", "PrescriptionSelect"},
                               {"referral", "agree", "ReferralSelect"}};

/// 2026-04-01T09:00:00… -> 20260401090000
std::string stamp(Nanoseconds wall) {
  std::string digits;
  for (const char c : format_jst(wall)) {
    if (c >= '0' && c <= '9' && digits.size() < 14) digits += c;
  }
  return digits;
}

/// A receipt number is letters, digits and hyphens; anything else has no business in a file of ours.
std::string plain(std::string_view reference) {
  std::string text;
  for (const char c : reference) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-') text += c;
  }
  return text;
}

}  // namespace

std::string hand_over_text(std::string_view reference, const Answers& answers, const PaperIds& chosen,
                           Nanoseconds wall) {
  std::string flags;
  for (const auto& [question, name] : kElements) {
    const auto found = answers.find(question);
    if (found == answers.end()) continue;
    flags += fmt::format("    <{0}>{1}</{0}>\n", name, found->second == "agree" ? 1 : 0);
  }
  if (const auto form = answers.find("prescription"); form != answers.end() && form->second != "none")
    flags += fmt::format("    <PrescriptionIssueSelect>{}</PrescriptionIssueSelect>\n",
                         form->second == "electronic" ? 1 : 2);
  for (const auto& [question, yes, name] : kChoices) {
    const auto answer = answers.find(question);
    const auto papers = chosen.find(question);
    if (answer == answers.end() || answer->second != yes || papers == chosen.end()) continue;
    std::string ids;
    for (const std::string& id : papers->second) ids += (ids.empty() ? "" : " ") + plain(id);
    flags += fmt::format("    <{0}>{1}</{0}>\n", name, ids);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
      "<!-- synthetic: written by the shogo reference reader -->\n"
      "<XmlMsg>\n"
      "  <MessageHeader>\n"
      "    <ProcessExecutionTime>{}</ProcessExecutionTime>\n"
      "    <CharacterCodeIdentifier>0</CharacterCodeIdentifier>\n"
      "  </MessageHeader>\n"
      "  <MessageBody>\n"
      "    <ProcessingResultStatus>1</ProcessingResultStatus>\n"
      "    <ReferenceNumber>{}</ReferenceNumber>\n"
      "{}"
      "  </MessageBody>\n"
      "</XmlMsg>\n",
      stamp(wall), plain(reference), flags);
}

Result<void> ResultFolder::keep(std::int64_t session, std::string_view reference, const Answers& answers,
                                const PaperIds& chosen) const {
  if (folder_.empty()) return {};
  const Nanoseconds wall = clock_.wall_now();
  return write_text(fmt::format("{}/OQSsiquc01res_face_{:08}_{}.xml", folder_, session, stamp(wall)),
                    hand_over_text(reference, answers, chosen, wall));
}

}  // namespace shogo::agent
