// 3-18: every fault leaves one record with time, code and part, and nothing of the person in it. What a fault
// has left is what the exported log has grown by.
#include "canary_search.h"
#include "card_trace.h"
#include "checks.h"
#include "fault_tour.h"
#include "line_trace.h"
#include "whole_script.h"
#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

/// Error records (docs/device-protocol.md, "log.export") among the lines of `text`; `incomplete` counts those
/// that lack time, code or part.
struct ErrorRecords {
  int whole = 0;
  int incomplete = 0;
};

ErrorRecords error_records(std::string_view text) {
  ErrorRecords found;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = parse_json(text.substr(0, end), "log");
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (!line.ok() || !line->is_object()) continue;
    const json::object& record = line->get_object();
    if (text_of(record, "event") != "error") continue;
    const bool complete =
        !text_of(record, "t").empty() && !text_of(record, "code").empty() && !text_of(record, "part").empty();
    ++(complete ? found.whole : found.incomplete);
  }
  return found;
}

std::vector<Canary> canaries_of(const Transcript& transcript) {
  std::vector<Canary> canaries;
  for (const Event* event : transcript.select(source::kStimulus, "canaries")) {
    for (const auto& pair : event->data) {
      if (!pair.value().is_string() || pair.value().get_string().empty()) continue;
      const ByteView value = as_bytes(pair.value().get_string());
      const bool digits =
          std::all_of(value.begin(), value.end(), [](std::uint8_t b) { return b >= '0' && b <= '9'; });
      canaries.push_back({std::string(pair.key()), Bytes(value.begin(), value.end()), digits});
    }
  }
  return canaries;
}

}  // namespace

Judgement judge_error_log(const Transcript& transcript, const CheckContext& context) {
  const int wanted = static_cast<int>(context.number("records_per_fault"));
  const auto allowed = static_cast<std::size_t>(context.number("canaries_found"));
  const auto logs = transcript.select(source::kDevice, "log");
  const auto canaries = canaries_of(transcript);
  std::vector<Measurement> measured;
  std::optional<Judgement> bad;
  int given = 0;
  for (const TourStop& stop : tour_stops()) {
    const auto fault = span_of_step(transcript, fmt::format("fault_{}", stop.name));
    const auto repair = span_of_step(transcript, fmt::format("repair_{}", stop.name));
    if (!fault || !repair) continue;
    const Bytes* before = nullptr;
    const Bytes* after = nullptr;
    for (const Event* log : logs) {
      if (log->t_ns < fault->begin_ns) before = transcript.blob(log->blob);
      if (log->t_ns >= repair->begin_ns && log->t_ns < repair->end_ns) after = transcript.blob(log->blob);
    }
    const bool shown = first_state(transcript, {fault->begin_ns, repair->begin_ns},
                                   {"error", "out_of_service", "result_ng"}) != nullptr;
    const bool grew = before != nullptr && after != nullptr && after->size() > before->size() &&
                      std::equal(before->begin(), before->end(), after->begin());
    if (!shown || !grew) continue;
    ++given;
    const ErrorRecords records = error_records(as_text(ByteView(*after).subspan(before->size())));
    measured.push_back({fmt::format("records_per_fault: {}", stop.name), static_cast<double>(records.whole),
                        "count", fmt::format("= {}", wanted), 1});
    if (bad) continue;
    if (records.incomplete > 0)
      bad = fail(fmt::format("{}: an error record lacks its time, code or part", stop.en),
                 fmt::format("{}：時刻、コード、部位の欠けたエラー記録がある", stop.ja));
    else if (records.whole != wanted)
      bad = fail(fmt::format("{}: {} error records, expected {}", stop.en, records.whole, wanted),
                 fmt::format("{}：エラー記録が{}件（期待は{}件）", stop.ja, records.whole, wanted));
  }
  std::size_t hits = 0;
  std::string found;
  for (const auto& [from, kind] :
       {std::pair{source::kDevice, "log"}, std::pair{source::kHarness, "host_log"}}) {
    for (const Event* log : transcript.select(from, kind)) {
      const Bytes* bytes = transcript.blob(log->blob);
      if (bytes == nullptr) continue;
      for (const CanaryHit& hit : search(*bytes, canaries)) {
        ++hits;
        if (found.size() < 200)
          found += fmt::format("{}{} as {}", found.empty() ? "" : "; ", hit.what, hit.encoding);
      }
    }
  }
  measured.push_back({"canaries_found", static_cast<double>(hits), "count", fmt::format("<= {}", allowed),
                      static_cast<std::int64_t>(canaries.size())});
  const auto steps = steps_of(transcript);
  const Step* control = find_step(steps, "control_journey");
  bool went_through = false;
  if (control != nullptr)
    for (const CardCommand& command : control->pin_verifies())
      went_through = went_through || command.sw == 0x9000;
  Judgement judgement;
  if (hits > allowed)
    judgement = fail("a log holds what identifies the patient: " + found,
                     "ログに個人を特定できる情報がある：" + found);
  else if (bad)
    judgement = *bad;
  else if (given == 0 || canaries.size() < 5 || !went_through)
    judgement =
        inconclusive(Reason::kControlFailed,
                     "the control did not hold: no fault was shown whose log could be compared with the log "
                     "before, or the canary's PIN never met the card",
                     "対照が成立しない：表示された故障と前後のログがそろわないか、目印の人物の暗証番号がカー"
                     "ドに届いていない");
  else
    judgement =
        pass(fmt::format("{} record each, with time, code and part; no canary in any log.", wanted),
             fmt::format("それぞれ時刻、コード、部位を持つ記録が{}件あり、目印の値はなかった。", wanted));
  judgement.measurements = std::move(measured);
  const MissingFaults missing = missing_faults(transcript, true);
  return partial(only_if_whole(std::move(judgement), transcript), given, kAllFaults, missing.en, missing.ja);
}

}  // namespace shogo::conformance
