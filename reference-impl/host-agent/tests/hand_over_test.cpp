#include "hand_over.h"

#include <filesystem>

#include <gtest/gtest.h>

#include <shogo/base/file.h>

namespace shogo::agent {
namespace {

const Nanoseconds kDay = parse_jst("2026-04-01T09:05:06+09:00");

TEST(HandOver, only_an_explicit_agreement_becomes_flag_1) {
  const std::string text = hand_over_text("SYN-00000001",
                                          {{"operations", "agree"},
                                           {"diagnosis", "disagree"},
                                           {"checkup", "none"},
                                           {"high_cost", "AGREE"},
                                           {"prescription", "paper"}},
                                          {}, kDay);
  EXPECT_NE(text.find("<OperationInfoConsFlg>1<"), std::string::npos);
  EXPECT_NE(text.find("<DiagnosisInfoConsFlg>0<"), std::string::npos);
  EXPECT_NE(text.find("<PharmacistsInfoConsFlg>0<"), std::string::npos);
  EXPECT_NE(text.find("<SpecificHealthCheckupsInfoConsFlg>0<"), std::string::npos);
  EXPECT_NE(text.find("<LimitApplicationCertificateRelatedConsFlg>0<"), std::string::npos);
  EXPECT_NE(text.find("<PrescriptionIssueSelect>2<"), std::string::npos);
  EXPECT_NE(text.find("<ProcessExecutionTime>20260401090506<"), std::string::npos);
}

TEST(HandOver, what_was_not_asked_is_not_there) {
  const std::string text = hand_over_text("R", {}, {}, kDay);
  EXPECT_EQ(text.find("Flg"), std::string::npos);
  EXPECT_EQ(text.find("PrescriptionIssueSelect"), std::string::npos);
}

TEST(HandOver, a_strange_reference_or_question_cannot_become_markup) {
  const std::string text = hand_over_text("A<b>&\"1", {{"<x>", "agree"}}, {}, kDay);
  EXPECT_NE(text.find("<ReferenceNumber>Ab1</ReferenceNumber>"), std::string::npos);
  EXPECT_EQ(text.find("<x>"), std::string::npos);
}

TEST(HandOver, chosen_papers_go_with_a_yes_and_with_nothing_else) {
  const PaperIds chosen{{"subsidy", {"subsidy-2"}},
                        {"prescription", {"prescription-1", "prescription-3"}},
                        {"referral", {"referral-1"}}};
  const std::string text = hand_over_text(
      "R", {{"subsidy", "disagree"}, {"prescription", "electronic"}, {"referral", "agree"}}, chosen, kDay);
  EXPECT_EQ(text.find("PublicExpenseSelect"), std::string::npos);
  EXPECT_NE(text.find("<PrescriptionSelect>prescription-1 prescription-3</PrescriptionSelect>"),
            std::string::npos);
  EXPECT_NE(text.find("<ReferralSelect>referral-1</ReferralSelect>"), std::string::npos);
  EXPECT_EQ(
      hand_over_text("R", {{"prescription", "paper"}, {"referral", "none"}}, chosen, kDay).find("Select>p"),
      std::string::npos);
}

TEST(ResultFolder, writes_one_file_a_session_under_the_public_name) {
  const auto folder = *TemporaryFolder::create("hand_over");
  const VirtualClock clock(kDay);
  ASSERT_TRUE(ResultFolder(folder.path().string(), clock).keep(12, "R", {}, {}).ok());
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "OQSsiquc01res_face_00000012_20260401090506.xml"));
}

TEST(ResultFolder, a_folder_that_is_gone_is_an_error_and_no_folder_is_none) {
  const VirtualClock clock(kDay);
  EXPECT_FALSE(ResultFolder("/nowhere/at/all", clock).keep(1, "R", {}, {}).ok());
  EXPECT_TRUE(ResultFolder("", clock).keep(1, "R", {}, {}).ok());
}

}  // namespace
}  // namespace shogo::agent
