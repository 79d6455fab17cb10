#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <shogo/evaluation/presentation_log.h>

namespace shogo::evaluation {
namespace {

using statistics::Response;
using testing::HasSubstr;

std::string why(std::string_view text) {
  const auto log = parse_presentations(text, "log");
  return log.ok() ? "accepted" : log.error().message();
}

TEST(PresentationLog, csv_and_json_lines_say_the_same) {
  const auto csv = parse_presentations(
      "presentation_id,transaction_id,type,species,subject,response,pad_decision,"
      "transaction_decision,note\n"
      "p1,t1,attack,print,ann,ok,attack,reject,x\n"
      "p2,t2,bona_fide,,ben,no_response,,,\n",
      "log");
  const auto lines = parse_presentations(
      R"({"presentation_id":"p1","transaction_id":"t1","type":"attack","species":"print","subject_ref":"ann","pad_decision":"attack","transaction_decision":"reject"})"
      "\n"
      R"({"presentation_id":"p2","transaction_id":"t2","type":"bona_fide","subject":"ben","response":"no_response"})",
      "log");
  for (const auto& log : {csv, lines}) {
    ASSERT_TRUE(log.ok()) << log.error().message();
    ASSERT_EQ(log->size(), 2U);
    EXPECT_EQ((*log)[0].species, "print");
    EXPECT_EQ((*log)[0].subject, "ann");
    EXPECT_EQ((*log)[0].pad_attack, true);
    EXPECT_EQ((*log)[0].accepted, false);
    EXPECT_EQ((*log)[1].species, "");
    EXPECT_EQ((*log)[1].response, Response::kNoResponse);
    EXPECT_FALSE((*log)[1].accepted.has_value());
  }
}

TEST(PresentationLog, two_columns_of_scores_and_labels_give_no_attack_rate) {
  EXPECT_THAT(why("score,label\n0.5,1\n"), HasSubstr("no presentation log"));
}

TEST(PresentationLog, mistakes_are_told_with_their_line) {
  const std::string head = "presentation_id,type,species,subject,transaction_decision\n";
  EXPECT_THAT(why(head + "p,attack,,s,reject\n"), AllOf(HasSubstr("log:2"), HasSubstr("species")));
  EXPECT_THAT(why(head + "p,bona_fide,print,s,reject\n"), HasSubstr("with a species"));
  EXPECT_THAT(why(head + "p,live,,s,reject\n"), HasSubstr("attack or bona_fide"));
  EXPECT_THAT(why(head + "p,attack,print,s,maybe\n"), HasSubstr("accept or reject"));
  EXPECT_THAT(why(head + "p,attack,pri"), HasSubstr("truncated"));
  EXPECT_THAT(why(head), HasSubstr("no presentation"));
  EXPECT_THAT(why(""), HasSubstr("no presentation"));
  EXPECT_THAT(why("{\"presentation_id\": \"p\", \"type\":"), HasSubstr("log:1"));
}

}  // namespace
}  // namespace shogo::evaluation
