#include "../src/checks.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Map {
  int misses = 0, strays = 0;
  int buttons = 12, inside = 5, outside = 4;
  bool whole = true;
};

Judgement judged(const Map& map) {
  TranscriptBuilder t;
  int misses = map.misses;
  int strays = map.strays;
  for (int b = 0; b < map.buttons; ++b) {
    const std::string id = "key_" + std::to_string(b);
    for (int i = 0; i < map.inside; ++i) {
      boost::json::array changed;
      if (misses-- <= 0) changed.emplace_back(id);
      t.add(source::kHarness, "touch_point",
            {{"button", id}, {"inside", true}, {"changed", std::move(changed)}});
    }
    for (int i = 0; i < map.outside; ++i) {
      boost::json::array changed;
      if (strays-- > 0) changed.emplace_back(id);
      t.add(source::kHarness, "touch_point",
            {{"button", id}, {"inside", false}, {"changed", std::move(changed)}});
    }
  }
  if (map.whole) t.end();
  return judge_touch_map(t.build(), context_of("1-9.a"));
}

TEST(TouchMap, every_touch_inside_and_none_outside_passes) {
  EXPECT_EQ(judged({}).verdict, Verdict::kPass);
}

TEST(TouchMap, one_miss_inside_or_one_stray_outside_fails) {
  EXPECT_EQ(judged({.misses = 1}).verdict, Verdict::kFail);
  EXPECT_EQ(judged({.strays = 1}).verdict, Verdict::kFail);
}

TEST(TouchMap, a_neighbour_that_answers_is_a_miss) {
  TranscriptBuilder t;
  t.add(source::kHarness, "touch_point", {{"button", "a"}, {"inside", true}, {"changed", {"a"}}});
  t.add(source::kHarness, "touch_point", {{"button", "a"}, {"inside", true}, {"changed", {"a", "b"}}});
  EXPECT_EQ(judge_touch_map(t.end().build(), context_of("1-9.a")).verdict, Verdict::kFail);
}

TEST(TouchMap, a_device_that_shows_no_touch_and_half_a_map_are_inconclusive) {
  EXPECT_EQ(judged({.misses = 1000}).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged({.inside = 4}).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged({.outside = 0}).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged({.whole = false}).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_touch_map(Transcript{}, context_of("1-9.a")).verdict, Verdict::kInconclusive);
}

}  // namespace
}  // namespace shogo::conformance
