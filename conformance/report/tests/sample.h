// A made-up result of a run in which every verdict occurs. No device was judged.
#pragma once

#include <array>

#include <shogo/conformance/report.h>

namespace shogo::conformance {

inline std::vector<ClauseResult> sample_results(const Catalogue& catalogue) {
  std::vector<ClauseResult> results;
  const auto add = [&](const char* clause, Verdict verdict, Reason reason, const char* en,
                       const char* ja) -> ClauseResult& {
    ClauseResult result;
    result.clause = clause;
    result.verdict = verdict;
    result.reason = reason;
    result.because_en = en;
    result.because_ja = ja;
    results.push_back(std::move(result));
    return results.back();
  };
  ClauseResult& keypad =
      add("3-10.i", Verdict::kPass, Reason::kNone,
          "All 12 keys measured from pixels: the smallest is 15.2 × 12.4 mm, the narrowest gap 4.0 mm.",
          "12個のキーを画素から測った。最小は15.2 × 12.4 mm、最も狭い間隔は4.0 mm。");
  keypad.measurements = {{"key_width", 15.2, "mm", ">= 10 mm", 12},
                         {"key_height", 12.4, "mm", ">= 10 mm", 12},
                         {"key_gap", 4.0, "mm", ">= 3 mm", 17}};
  keypad.evidence = {"evidence/3-10.i/events.jsonl", "evidence/3-10.i/pin-0001.svg",
                     "evidence/3-10.i/times.jsonl"};
  keypad.mutants_killed = {"m.ui.key_9_8mm", "m.ui.gap_2_8mm"};
  add("3-10.h", Verdict::kPass, Reason::kNone, "Three columns and four rows.", "3列×4行。").mutants_killed = {
      "m.ui.keypad_2x5"};
  ClauseResult& contrast =
      add("3-10.f", Verdict::kFail, Reason::kNone, "\"確定\" has a contrast of 3.9:1 on its key.",
          "「確定」のコントラスト比が3.9:1しかない。");
  contrast.measurements = {{"text_contrast_min", 3.9, "ratio", ">= 4.5 ratio", 41}};
  add("1-8.b", Verdict::kPass, Reason::kNone, "16 384 bytes read, equal to the card's file.",
      "16 384バイトを読み、カードのファイルと一致した。")
      .mutants_killed = {"m.nfc.truncate_256"};
  add("3-12", Verdict::kFail, Reason::kNone, "The digit 7 stands in the same place in 412 of 1000 layouts.",
      "1000回中412回、数字の7が同じ位置にあった。");
  add("3-11.d", Verdict::kPass, Reason::kNone, "One wrong PIN, one VERIFY on the card.",
      "誤った暗証番号1回に対し、カードへのVERIFYは1回。")
      .mutants_killed = {"m.pin.double_verify"};
  add("3-17.b", Verdict::kPass, Reason::kNone, "Nothing is left on the screen.", "画面には何も残らない。");
  add("2-1.a", Verdict::kInconclusive, Reason::kNoChannel,
      "The clause asks for Windows, which this bench has not.", "Windowsが必要だが、この試験台にはない。");
  add("1-10", Verdict::kManualPending, Reason::kNone, "Waits for a ruler.", "実測を待っている。");
  add("2-3.a", Verdict::kNotApplicable, Reason::kNone, "Reader and clinic PC are one device.",
      "資格確認端末と一体である。");
  add("2-3.b", Verdict::kNotApplicable, Reason::kNone, "Reader and clinic PC are one device.",
      "資格確認端末と一体である。");
  add("1-7", Verdict::kWaived, Reason::kNone, "Waived until the next firmware.", "次の版まで免除。");
  add("2-5", Verdict::kHarnessError, Reason::kNone, "The bench lost its own server.",
      "試験台のサーバーが落ちた。");
  add("4-1.a", Verdict::kPass, Reason::kNone, "Made up.", "作例。");
  for (const char* id : {"1-17", "1-4", "1-16.a", "5-1", "5-2", "4-3"}) {
    if (catalogue.clause(id) != nullptr)
      add(id, Verdict::kPass, Reason::kNone, "Made up: nothing was judged.",
          "作例であり、何も判定していない。");
  }
  return results;
}

inline RunInfo sample_info() {
  RunInfo info;
  info.seed = 20260101;
  info.dut = "reference";
  info.profile = "quick";
  info.tool_version = "0.1.0";
  info.tool_commit = "0123456789ab";
  info.device = {{"model", "Sample reader (made up)"}, {"firmware", "1.2.3"}, {"serial", "synthetic-0001"}};
  return info;
}

inline Report sample_report() {
  const Catalogue catalogue = load_catalogue().value();
  return build_report(catalogue, sample_results(catalogue), sample_info()).value();
}

}  // namespace shogo::conformance
