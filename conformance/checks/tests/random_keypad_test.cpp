// 3-12: layouts read from drawn screens. 100 layouts a transcript, the least that a quick run collects.
#include "checks.h"
#include "draw_keypad.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"
#include <array>
#include <functional>
#include <numeric>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include <shogo/base/rng.h>
#include <shogo/conformance/png.h>

namespace shogo::conformance {
namespace {

using Layout = std::array<int, 10>;
/// The layout of the n-th entry.
using Device = std::function<Layout(int)>;

constexpr Layout kTelephone{1, 2, 3, 4, 5, 6, 7, 8, 9, 0};

/// Pastes the keys of one drawn keypad: hundreds of layouts in little time.
Bytes png_of(const Layout& layout) {
  static const Drawing kDrawing = [] {
    Drawing d;
    d.key_w = 64;
    d.key_h = 64;
    d.gap_x = d.gap_y = 16;
    d.left = d.top = 100;
    return d;
  }();
  static const cv::Mat kSheet = draw(kDrawing);
  constexpr int kPitchX = 80;
  constexpr int kPitchY = 80;
  const auto key = [](std::size_t position) {
    const int slot = static_cast<int>(position == 9 ? 10 : position);  // zero sits between delete and done
    return cv::Rect(100 + slot % 3 * kPitchX, 100 + slot / 3 * kPitchY, 64, 64);
  };
  cv::Mat page = kSheet.clone();
  for (std::size_t i = 0; i < 10; ++i) {
    const auto drawn_at = std::find(kTelephone.begin(), kTelephone.end(), layout[i]) - kTelephone.begin();
    kSheet(key(static_cast<std::size_t>(drawn_at))).copyTo(page(key(i)));
  }
  return encode_png(image_of(page(cv::Rect(92, 92, 240, 320)).clone())).value();
}

struct Script {
  Device off = [](int) { return kTelephone; };
  Device first, second;
  int first_count = 50;
  int second_count = 50;
};

TranscriptBuilder played(const Script& script) {
  TranscriptBuilder t;
  const auto part = [&](std::string_view step, const Device& device, int count) {
    t.step(step, {{"layouts", count}});
    for (int i = 0; i < count; ++i)
      t.file(source::kDevice, "keypad", {{"step", step}, {"index", i}}, step, "png", png_of(device(i)));
  };
  part("off", script.off, 5);
  part("on_first", script.first, script.first_count);
  part("on_second", script.second, script.second_count);
  return t.end();
}

Device fair(std::uint64_t seed) {
  auto rng = std::make_shared<Rng>(seed, "fair keypad");
  return [rng](int) {
    Layout layout = kTelephone;
    rng->shuffle(layout);
    return layout;
  };
}

Device rotating(std::uint64_t seed) {
  auto rng = std::make_shared<Rng>(seed, "rotating keypad");
  return [rng](int) {
    Layout layout = kTelephone;
    std::rotate(layout.begin(), layout.begin() + static_cast<std::ptrdiff_t>(rng->below(10)), layout.end());
    return layout;
  };
}

Script fair_script(std::uint64_t seed = 1) {
  Script script;
  script.first = fair(seed);
  script.second = fair(seed + 1000);
  return script;
}

Judgement judged(const Script& script) {
  return judge_random_keypad(played(script).build(), context_of("3-12"));
}

void expect_fail(const Script& script, std::string_view why) {
  const Judgement judgement = judged(script);
  EXPECT_EQ(judgement.verdict, Verdict::kFail) << judgement.because_en;
  EXPECT_NE(judgement.because_en.find(why), std::string::npos) << judgement.because_en;
}

TEST(RandomKeypad, a_fair_shuffle_passes_with_several_seeds) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const Judgement judgement = judged(fair_script(seed));
    EXPECT_EQ(judgement.verdict, Verdict::kPass) << "seed " << seed << ": " << judgement.because_en;
  }
}

TEST(RandomKeypad, rotations_of_one_order_fail_although_every_digit_is_everywhere_equally_often) {
  Script script;
  script.first = rotating(1);
  script.second = rotating(2);
  expect_fail(script, "neighbouring digits");
}

TEST(RandomKeypad, the_same_sequence_after_a_restart_fails) {
  Script script;
  script.first = fair(7);
  script.second = fair(7);
  EXPECT_EQ(judged(script).verdict, Verdict::kFail);
  // Here only the beginning is the same, so that nothing but the comparison can tell.
  Script beginning = fair_script();
  beginning.second = [same = fair(1), other = fair(9)](int i) { return i < 20 ? same(i) : other(i); };
  expect_fail(beginning, "after a restart");
}

TEST(RandomKeypad, a_layout_that_never_changes_fails) {
  Script script;
  script.first = script.second = [](int) { return kTelephone; };
  EXPECT_EQ(judged(script).verdict, Verdict::kFail);
}

TEST(RandomKeypad, a_layout_kept_for_two_entries_fails) {
  Script script = fair_script();
  script.first = [device = fair(1), last = Layout{}](int i) mutable {
    if (i != 25) last = device(i);
    return last;
  };
  expect_fail(script, "twice in a row");
}

TEST(RandomKeypad, a_zero_that_stays_in_its_place_fails) {
  const auto zero_stays = [](std::uint64_t seed) -> Device {
    auto rng = std::make_shared<Rng>(seed, "zero stays");
    return [rng](int) {
      std::vector<int> rest(9);
      std::iota(rest.begin(), rest.end(), 1);
      rng->shuffle(rest);
      Layout layout{};
      std::copy(rest.begin(), rest.end(), layout.begin());
      return layout;
    };
  };
  Script script;
  script.first = zero_stays(1);
  script.second = zero_stays(2);
  expect_fail(script, "not spread evenly");
}

TEST(RandomKeypad, a_layout_that_changes_with_the_option_off_fails) {
  Script script = fair_script();
  script.off = fair(77);
  expect_fail(script, "option off");
}

TEST(RandomKeypad, fewer_than_100_layouts_are_undecided_and_a_full_run_needs_1000) {
  Script script = fair_script();
  script.second_count = 49;
  EXPECT_EQ(judged(script).verdict, Verdict::kInconclusive);
  CheckContext full = context_of("3-12");
  full.profile = "standard";
  EXPECT_EQ(judge_random_keypad(played(fair_script()).build(), full).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge_random_keypad(Transcript(), full).verdict, Verdict::kInconclusive);
}

TEST(RandomKeypad, one_unreadable_screen_leaves_the_clause_undecided) {
  TranscriptBuilder t = played(fair_script());
  t.file(source::kDevice, "keypad", {{"step", "on_second"}, {"index", 50}}, "keypad", "png", Bytes(50, 7));
  EXPECT_EQ(judge_random_keypad(t.build(), context_of("3-12")).verdict, Verdict::kInconclusive);
}

TEST(RandomKeypad, a_screen_told_twice_is_one_layout) {
  Script script = fair_script();
  script.second_count = 49;
  const Transcript t = played(script).build();
  std::vector<Event> events = t.events();
  for (std::size_t i = 0; i + 1 < t.events().size(); ++i) {
    if (t.events()[i].kind == "keypad") events.insert(events.end() - 1, t.events()[i]);
  }
  for (Event& event : events) event.t_ns = 0;
  EXPECT_EQ(judge_random_keypad(with_events(t, events), context_of("3-12")).verdict, Verdict::kInconclusive);
}

// A judgement reads every screen: only some of the cuts and orders are tried.
TEST(RandomKeypad, cut_repeated_or_reordered_transcripts_never_become_a_pass) {
  const CheckContext context = context_of("3-12");
  Script rotated;
  rotated.first = rotating(1);
  rotated.second = rotating(2);
  Script few = fair_script();
  few.second_count = 49;
  expect_no_pass_when_cut_off(judge_random_keypad, played(fair_script()).build(), context, 57);
  expect_no_pass_when_cut_off(judge_random_keypad, played(rotated).build(), context, 83);
  for (const Script& spoilt : {rotated, few})
    expect_no_pass_when_repeated_or_reordered(judge_random_keypad, played(spoilt).build(), context, 97, 3);
}

TEST(RandomKeypad, garbage_does_not_crash_the_judge) {
  Script small = fair_script();
  small.first_count = small.second_count = 3;
  expect_to_survive_garbage(judge_random_keypad, played(small).build(), context_of("3-12"), 60);
}

}  // namespace
}  // namespace shogo::conformance
