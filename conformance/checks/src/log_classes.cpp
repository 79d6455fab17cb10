// 3-17.a: the exported log tells of operation, connection and disconnection, identity with firmware at
// connection, and results, at the right times. The authentication rate belongs to face authentication, which
// a PIN journey has not: that class stays ungiven.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "line_trace.h"
#include "link_stage.h"
#include "whole_script.h"
#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/dut.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr milliseconds kNoticeWait{7'000};
/// Log times are whole seconds: two of them may be one second off without being wrong.
constexpr double kResolution_s = 1;

/// Records of the log's new part, by event.
std::vector<json::object> new_records(const Transcript& transcript) {
  std::vector<json::object> records;
  const auto logs = transcript.select(source::kDevice, "log");
  if (logs.size() < 2) return records;
  const Bytes* before = transcript.blob(logs.front()->blob);
  const Bytes* after = transcript.blob(logs.back()->blob);
  if (before == nullptr || after == nullptr || after->size() <= before->size()) return records;
  std::string_view text = as_text(ByteView(*after).subspan(before->size()));
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = parse_json(text.substr(0, end), "log");
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ok() && line->is_object()) records.push_back(line->get_object());
  }
  return records;
}

const json::object* first_record(const std::vector<json::object>& records, std::string_view event) {
  for (const json::object& record : records)
    if (text_of(record, "event") == event) return &record;
  return nullptr;
}

/// Civil seconds of a record; negative when it has no time.
double seconds_of(const json::object* record) {
  if (record == nullptr) return -1;
  const Nanoseconds wall = parse_jst(text_of(*record, "t"));
  return wall.count() < 0 ? -1 : static_cast<double>(wall.count()) / 1e9;
}

}  // namespace

Result<void> stimulate_log_classes(Stage& stage) {
  SHOGO_TRY(HostSide * host, stage.host());
  SHOGO_CHECK_OK(quicken_link(stage, milliseconds(1'000)));
  SHOGO_CHECK_OK(stage.export_log());
  const Mark cut = stage.mark();
  stage.note("step", {{"name", "disconnect"}});
  SHOGO_CHECK_OK(stage.ours(host->crash_agent()));
  SHOGO_CHECK_OK(stage.wait_state({"out_of_service", "error"}, cut, kNoticeWait));
  const Mark back = stage.mark();
  stage.note("step", {{"name", "connect"}});
  SHOGO_CHECK_OK(stage.ours(host->start_agent()));
  SHOGO_CHECK_OK(stage.wait_state({"idle"}, back, kRecoveryWait));
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, "operation", kWho);
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_result(entered));
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(stage.export_log());
  return end_script(stage);
}

Judgement judge_log_classes(const Transcript& transcript, const CheckContext& context) {
  const int classes = static_cast<int>(context.number("log_classes"));
  const double tolerance_s = context.number("time_error_max");
  const auto disconnect = span_of_step(transcript, "disconnect");
  const auto connect = span_of_step(transcript, "connect");
  const auto operation = span_of_step(transcript, "operation");
  const auto results = transcript.select(source::kDevice, "result");
  const auto logs = transcript.select(source::kDevice, "log");
  if (!disconnect || !connect || !operation || results.empty() || logs.size() < 2)
    return inconclusive(Reason::kControlFailed,
                        "the script did not come to a result and two exports of the log",
                        "手順が結果とログの取り出しまで進まなかった");
  const auto records = new_records(transcript);
  const json::object* up = first_record(records, "link_up");
  const json::object* down = first_record(records, "link_down");
  const json::object* result = first_record(records, "result");
  std::string missing_en, missing_ja;
  const auto need = [&](bool there, std::string_view en, std::string_view ja) {
    if (there) return;
    missing_en += fmt::format("{}{}", missing_en.empty() ? "" : ", ", en);
    missing_ja += fmt::format("{}{}", missing_ja.empty() ? "" : "、", ja);
  };
  need(first_record(records, "touch") != nullptr || first_record(records, "key") != nullptr, "operation",
       "操作");
  need(up != nullptr, "connection", "接続");
  need(down != nullptr, "disconnection", "切断");
  need(up != nullptr && !text_of(*up, "serial").empty() && !context.device.firmware.empty() &&
           text_of(*up, "firmware") == context.device.firmware,
       "identity with the firmware's version at connection",
       "接続時の識別情報（ファームウェアのバージョン）");
  need(result != nullptr, "result", "認証結果");
  std::vector<Measurement> measured;
  double error_s = 0;
  if (up != nullptr && down != nullptr && result != nullptr) {
    const double logged = seconds_of(result) - seconds_of(down);
    const double seen = static_cast<double>(results.back()->t_ns - disconnect->begin_ns) / 1e9;
    error_s = seconds_of(down) < 0 || seconds_of(result) < 0 ? 1e9 : std::abs(logged - seen);
    measured.push_back(
        {"time_error_max", error_s, "s",
         fmt::format("<= {:g} s and the log's resolution of {:g} s", tolerance_s, kResolution_s), 2});
  }
  Judgement judgement;
  if (!missing_en.empty())
    judgement = fail("missing in the exported log: " + missing_en, "取り出したログにないもの：" + missing_ja);
  else if (error_s > tolerance_s + kResolution_s)
    judgement = fail(fmt::format("times in the log are off by {:.1f} s", error_s),
                     fmt::format("ログの時刻が{:.1f}秒ずれている", error_s));
  else
    judgement = pass(
        "operation, connection and disconnection, identity with firmware and result are there, at the right "
        "times.",
        "操作、接続と切断、ファームウェアを含む識別情報、結果がそろい、時刻も合っている。");
  judgement.measurements = std::move(measured);
  return partial(only_if_whole(std::move(judgement), transcript), classes - 1, classes,
                 "the authentication rate (the device has no face authentication yet), and a whole day (it "
                 "waits for virtual "
                 "time)",
                 "認証率（顔認証がまだない）、1日分の台本（仮想時刻を待つ）");
}

}  // namespace shogo::conformance
