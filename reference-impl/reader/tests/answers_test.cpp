#include "flow/answers.h"

#include "flow/journey.h"

#include <gtest/gtest.h>

namespace shogo::reader {
namespace {

using Result = std::map<std::string, std::string>;
const Answers::Facts kSenior{"identified", "records", "over_40"};

Answers fresh() {
  return Answers(Journey::built_in().questions());
}

/// Names of the questions that are due, in order.
std::vector<std::string> due(const Answers& answers, const Answers::Facts& facts) {
  std::vector<std::string> names;
  for (const Question& question : Journey::built_in().questions())
    if (answers.due(question.name, facts)) names.push_back(question.name);
  return names;
}

TEST(Answers, the_checkup_is_asked_from_40_on_only) {
  EXPECT_EQ(due(fresh(), kSenior), (std::vector<std::string>{"operations", "diagnosis", "checkup"}));
  EXPECT_EQ(due(fresh(), {"identified", "records"}), (std::vector<std::string>{"operations", "diagnosis"}));
}

TEST(Answers, without_records_no_consent_is_asked) {
  EXPECT_TRUE(due(fresh(), {"identified", "over_40"}).empty());
}

TEST(Answers, a_bundle_answers_all_three_or_none) {
  Answers::Facts facts = kSenior;
  facts.insert("consent_bundle");
  Answers all = fresh();
  all.give("bundle", "agree");
  EXPECT_TRUE(due(all, facts).empty());
  EXPECT_EQ(all.result(facts),
            (Result{{"operations", "agree"}, {"diagnosis", "agree"}, {"checkup", "agree"}}));
  Answers single = fresh();
  single.give("bundle", "one_by_one");
  EXPECT_EQ(due(single, facts).size(), 3U);
  EXPECT_EQ(single.result(facts),
            (Result{{"operations", "none"}, {"diagnosis", "none"}, {"checkup", "none"}}));
}

TEST(Answers, the_specific_disease_is_asked_only_of_who_uses_the_limit) {
  const Answers::Facts facts{"identified", "ask_high_cost", "ask_specific"};
  Answers answers = fresh();
  EXPECT_EQ(due(answers, facts), std::vector<std::string>{"high_cost"});
  answers.give("high_cost", "disagree");
  EXPECT_TRUE(due(answers, facts).empty());
  EXPECT_EQ(answers.result(facts), (Result{{"high_cost", "disagree"}}));
  ASSERT_TRUE(answers.take_back());
  answers.give("high_cost", "agree");
  EXPECT_EQ(due(answers, facts), std::vector<std::string>{"specific"});
}

TEST(Answers, taking_back_leads_to_the_question_before_until_there_is_none) {
  Answers answers = fresh();
  answers.give("operations", "agree");
  answers.give("diagnosis", "disagree");
  ASSERT_TRUE(answers.take_back());
  EXPECT_EQ(due(answers, kSenior).front(), "diagnosis");
  ASSERT_TRUE(answers.take_back());
  EXPECT_FALSE(answers.take_back());
  EXPECT_EQ(due(answers, kSenior).front(), "operations");
}

TEST(Answers, what_was_not_answered_is_none_and_a_notice_is_no_answer_at_all) {
  Answers::Facts facts = kSenior;
  facts.insert("notice_soon");
  Answers answers = fresh();
  EXPECT_EQ(due(answers, facts).front(), "expires_soon");
  answers.give("expires_soon", "seen");
  answers.give("operations", "agree");
  EXPECT_EQ(answers.result(facts),
            (Result{{"operations", "agree"}, {"diagnosis", "none"}, {"checkup", "none"}}));
}

}  // namespace
}  // namespace shogo::reader
