#include "checks.h"
#include "screen_walk.h"

#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {

std::span<const Check> all_checks() {
  using namespace contract;
  const auto walked = [](std::string_view clause,
                         Judgement (*judge)(const Transcript&, const CheckContext&)) {
    return Check{clause,
                 {cap::kCardRf, cap::kHostPath, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
                 stimulate_screen_walk,
                 judge,
                 180,
                 kScreenWalk};
  };
  static const Check kChecks[] = {
      {"1-8.a", {cap::kCardRf, cap::kHostPath}, stimulate_card_presence, judge_card_presence, 400},
      {"1-8.b", {cap::kCardRf}, stimulate_long_reads, judge_long_reads, 60},
      {"1-9.a",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_touch_map,
       judge_touch_map,
       60},
      walked("1-12.a", judge_text_size),
      walked("1-18.c", judge_pin_unseen),
      {"2-1.a", {}, stimulate_windows_reader, judge_windows_reader, 5},
      walked("3-10.d", judge_target_size),
      walked("3-10.e", judge_part_contrast),
      walked("3-10.f", judge_text_contrast),
      {"3-10.h",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames},
       stimulate_keypad_geometry,
       judge_keypad_grid,
       30,
       "keypad_geometry"},
      {"3-10.i",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames},
       stimulate_keypad_geometry,
       judge_keypad_size,
       30,
       "keypad_geometry"},
      walked("3-10.j", judge_digit_contrast),
      walked("3-10.k", judge_key_feedback),
      walked("3-10.l", judge_auxiliary_labels),
      walked("3-10.n", judge_text_contrast_without_exception),
      {"3-11.a",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_pin_length,
       judge_pin_length,
       60},
      {"3-11.d",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_single_verify,
       judge_single_verify,
       30},
      {"3-12",
       {cap::kCardRf, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi, cap::kSettings},
       stimulate_random_keypad,
       judge_random_keypad,
       180},
      {"3-14.a",
       {cap::kCardRf, cap::kHostPath, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_pin_eligibility,
       judge_pin_eligibility,
       90},
      {"3-17.b",
       {cap::kCardRf, cap::kHostPath, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi, cap::kLogExport},
       stimulate_log_privacy,
       judge_log_privacy,
       60},
      {"3-22.a",
       {cap::kCardRf, cap::kLinkPath, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_link_recovery,
       judge_link_recovery,
       300},
      {"3-22.b",
       {cap::kCardRf, cap::kLinkPath, cap::kInputTouch, cap::kScreenFrames, cap::kScreenUi},
       stimulate_host_recovery,
       judge_host_recovery,
       300},
      {"3-22.c", {cap::kLinkPath}, stimulate_link_half_open, judge_link_half_open, 600},
      {"3-22.d", {cap::kLinkPath}, stimulate_link_heartbeat, judge_link_heartbeat, 300},
  };
  return kChecks;
}

}  // namespace shogo::conformance
