#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include <shogo/conformance/catalogue.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

constexpr Verdict kAll[] = {Verdict::kPass,        Verdict::kFail,          Verdict::kMet,
                            Verdict::kNotMet,      Verdict::kInconclusive,  Verdict::kManualPending,
                            Verdict::kNotRun,      Verdict::kNotApplicable, Verdict::kWaived,
                            Verdict::kHarnessError};

Item item_of(Level level, std::initializer_list<Level> clauses) {
  Item item;
  item.id = "1-1";
  item.level = level;
  for (const Level each : clauses) {
    Clause clause;
    clause.level = each;
    item.clauses.push_back(clause);
  }
  return item;
}

/// The rules' sentences one after the other, slowly, sharing nothing with the code under test.
Verdict oracle(const Item& item, const std::vector<Verdict>& verdicts) {
  std::vector<Verdict> deciding;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const Level level = item.clauses[i].level;
    if (level == Level::kMandatory || (level == Level::kRecommended && item.level == Level::kRecommended))
      deciding.push_back(verdicts[i]);
  }
  const auto any = [&](Verdict wanted) { return std::count(deciding.begin(), deciding.end(), wanted) > 0; };
  const auto all = [&](std::initializer_list<Verdict> wanted) {
    return std::all_of(deciding.begin(), deciding.end(),
                       [&](Verdict v) { return std::count(wanted.begin(), wanted.end(), v) > 0; });
  };
  if (deciding.empty()) return Verdict::kNotRun;
  if (any(Verdict::kFail)) return Verdict::kFail;
  if (any(Verdict::kNotMet)) return Verdict::kNotMet;
  if (any(Verdict::kHarnessError)) return Verdict::kHarnessError;
  if (any(Verdict::kNotRun)) return Verdict::kNotRun;
  if (any(Verdict::kInconclusive)) return Verdict::kInconclusive;
  if (any(Verdict::kManualPending)) return Verdict::kManualPending;
  if (all({Verdict::kNotApplicable})) return Verdict::kNotApplicable;
  if (all({Verdict::kNotApplicable, Verdict::kWaived})) return Verdict::kWaived;
  return item.level == Level::kMandatory ? Verdict::kPass : Verdict::kMet;
}

/// Every verdict that a clause of this level can have.
std::vector<Verdict> words_of(Level level) {
  std::vector<Verdict> words;
  for (const Verdict verdict : kAll) {
    const bool strong = verdict == Verdict::kPass || verdict == Verdict::kFail;
    const bool weak = verdict == Verdict::kMet || verdict == Verdict::kNotMet;
    if (level == Level::kMandatory ? !weak : !strong) words.push_back(verdict);
  }
  return words;
}

template <typename Each>
void every_combination(const Item& item, Each each) {
  std::vector<std::vector<Verdict>> choices;
  for (const Clause& clause : item.clauses) choices.push_back(words_of(clause.level));
  std::vector<std::size_t> index(choices.size(), 0);
  for (;;) {
    std::vector<Verdict> verdicts;
    for (std::size_t i = 0; i < index.size(); ++i) verdicts.push_back(choices[i][index[i]]);
    each(verdicts);
    std::size_t i = 0;
    while (i < index.size() && ++index[i] == choices[i].size()) index[i++] = 0;
    if (i == index.size()) return;
  }
}

constexpr Level M = Level::kMandatory, R = Level::kRecommended, D = Level::kDerived;

TEST(RollUp, agrees_with_the_rules_for_every_combination_of_up_to_four_clauses) {
  long checked = 0;
  for (const Level level : {M, R}) {
    for (const auto& levels : std::vector<std::vector<Level>>{{M},
                                                              {R},
                                                              {D},
                                                              {M, M},
                                                              {M, R},
                                                              {M, D},
                                                              {R, R},
                                                              {R, D},
                                                              {M, M, M},
                                                              {M, M, R},
                                                              {M, R, D},
                                                              {R, M, D},
                                                              {R, R, D},
                                                              {M, M, M, M},
                                                              {M, M, R, D},
                                                              {R, R, M, D}}) {
      Item item = item_of(level, {});
      for (const Level each : levels) {
        item.clauses.emplace_back();
        item.clauses.back().level = each;
      }
      every_combination(item, [&](const std::vector<Verdict>& verdicts) {
        ASSERT_EQ(roll_up(item, verdicts), oracle(item, verdicts));
        ++checked;
      });
    }
  }
  EXPECT_GT(checked, 10'000);
}

TEST(RollUp, an_item_passes_only_when_every_mandatory_clause_passed_or_does_not_count) {
  const Item item = item_of(M, {M, M, R, D});
  every_combination(item, [&](const std::vector<Verdict>& v) {
    const auto harmless = [](Verdict x) {
      return x == Verdict::kPass || x == Verdict::kNotApplicable || x == Verdict::kWaived;
    };
    const bool may = harmless(v[0]) && harmless(v[1]) && (v[0] == Verdict::kPass || v[1] == Verdict::kPass);
    ASSERT_EQ(roll_up(item, v) == Verdict::kPass, may);
  });
}

TEST(RollUp, recommended_and_derived_clauses_never_decide_a_mandatory_item) {
  const Item item = item_of(M, {M, R, D});
  for (const Verdict mandatory : words_of(M)) {
    for (const Verdict r : words_of(R)) {
      for (const Verdict d : words_of(D)) {
        const Verdict with[] = {mandatory, r, d};
        const Verdict without[] = {mandatory, Verdict::kMet, Verdict::kMet};
        ASSERT_EQ(roll_up(item, with), roll_up(item, without));
      }
    }
  }
}

TEST(RollUp, the_order_of_the_clauses_does_not_matter) {
  const Item item = item_of(M, {M, M, M});
  every_combination(item, [&](std::vector<Verdict> v) {
    const Verdict before = roll_up(item, v);
    std::rotate(v.begin(), v.begin() + 1, v.end());
    ASSERT_EQ(roll_up(item, v), before);
  });
}

TEST(RollUp, given_a_wrong_keypad_that_need_not_be_there_then_the_recommended_item_fails) {
  const Item keypad = item_of(R, {R, M});
  EXPECT_EQ(roll_up(keypad, std::vector{Verdict::kMet, Verdict::kFail}), Verdict::kFail);
  EXPECT_EQ(roll_up(keypad, std::vector{Verdict::kNotMet, Verdict::kNotApplicable}), Verdict::kNotMet);
  EXPECT_EQ(roll_up(keypad, std::vector{Verdict::kMet, Verdict::kPass}), Verdict::kMet);
  EXPECT_EQ(roll_up(keypad, std::vector{Verdict::kMet, Verdict::kNotRun}), Verdict::kNotRun);
}

TEST(RollUp, every_item_of_the_catalogue_is_undecided_before_anything_ran) {
  const Catalogue catalogue = load_catalogue().value();
  for (const Item& item : catalogue.items()) {
    std::vector<Verdict> verdicts;
    for (const Clause& clause : item.clauses) verdicts.push_back(default_verdict(clause).verdict);
    const Verdict verdict = roll_up(item, verdicts);
    EXPECT_TRUE(verdict == Verdict::kNotRun || verdict == Verdict::kManualPending) << item.id;
  }
}

TEST(ToLevel, turns_pass_and_fail_only_and_only_below_mandatory) {
  for (const Verdict verdict : kAll) {
    EXPECT_EQ(to_level(verdict, M), verdict);
    for (const Level level : {R, D}) {
      Verdict expected = verdict;
      if (verdict == Verdict::kPass) expected = Verdict::kMet;
      if (verdict == Verdict::kFail) expected = Verdict::kNotMet;
      EXPECT_EQ(to_level(verdict, level), expected);
      EXPECT_EQ(to_level(to_level(verdict, level), level), expected);
    }
  }
  EXPECT_EQ(to_level(fail("why", "理由"), R).because_en, "why");
}

TEST(DefaultVerdict, is_not_run_where_a_machine_could_judge_and_manual_elsewhere) {
  const auto of = [](const char* parts) {
    Clause clause;
    clause.parts = *class_from(parts);
    return default_verdict(clause).verdict;
  };
  for (const char* parts : {"A", "S", "A+D", "P+A", "A|P", "P|A"})
    EXPECT_EQ(of(parts), Verdict::kNotRun) << parts;
  for (const char* parts : {"P", "D", "P+D"}) EXPECT_EQ(of(parts), Verdict::kManualPending) << parts;
}

TEST(AwaitPerson, given_the_machines_part_passed_then_the_clause_waits_for_the_other_part) {
  Clause both;
  both.parts = *class_from("A+D");
  EXPECT_EQ(await_person(both, pass("fine", "良")).verdict, Verdict::kManualPending);
  EXPECT_NE(await_person(both, pass("fine", "良")).because_en.find("fine"), std::string::npos);
  EXPECT_EQ(await_person(both, fail("bad", "悪")).verdict, Verdict::kFail);
  Clause either;
  either.parts = *class_from("A|P");
  EXPECT_EQ(await_person(either, pass("fine", "良")).verdict, Verdict::kPass);
}

}  // namespace
}  // namespace shogo::conformance
