// 3-17.b: a canary patient — every detail a rare string — goes through right and wrong journeys; afterwards
// none of the details is in any log, in any disguise.
#include "canary_search.h"
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;
constexpr sim::Patient kWho = sim::Patient::kCanary;

/// Logs that the host side keeps on the clinic PC: the files in the bench's log folder.
Result<void> keep_host_logs(Stage& stage) {
  const std::filesystem::path folder = stage.world().bench().log_folder;
  std::error_code ec;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ec)) {
    if (entry.is_regular_file(ec)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    SHOGO_TRY(Bytes bytes, stage.ours(read_file(file)));
    const std::size_t size = bytes.size();
    stage.record(source::kHarness, "host_log", {{"file", file.filename().string()}, {"size", size}},
                 "host_log", "txt", std::move(bytes));
  }
  return {};
}

Result<void> journey(Stage& stage, bool right_pin) {
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  begin_step(stage, right_pin ? "right_pin" : "wrong_pin", kWho);
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  const Mark entered = stage.mark();
  if (right_pin) {
    SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  } else {
    SHOGO_CHECK_OK(pad.type(stage, wrong_pin_for(stage, kWho)));
  }
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  SHOGO_CHECK_OK(stage.wait_event("an answer to the entry", entered, [](const Event& event) {
    if (event.source != source::kDevice) return false;
    return event.kind == "result" ||
           (event.kind == "state" && text_of(event.data, "substate") == "wrong_pin");
  }));
  return finish(stage);
}

}  // namespace

Result<void> stimulate_log_privacy(Stage& stage) {
  const sim::PatientFacts& facts = stage.world().facts_of(kWho);
  // The canary's details are evidence here, the PIN included: a synthetic person made to be searched for.
  boost::json::object canaries{{"name", facts.name},
                               {"address", facts.address},
                               {"birth_date", facts.birth_date},
                               {"number_b", facts.number_b},
                               {"pin", as_text(stage.world().pin_of(kWho).expose())}};
  // Which institution somebody comes from tells of an illness.
  for (const sim::Paper& paper : stage.world().papers_of(kWho))
    canaries[sim::to_string(paper.kind)] = paper.name;
  stage.note("canaries", std::move(canaries));
  stage.record(source::kHarness, "canary_photo", {{"size", facts.photo.size()}}, "canary_photo", "jp2",
               facts.photo);
  SHOGO_CHECK_OK(stage.export_log());
  SHOGO_CHECK_OK(journey(stage, false));
  SHOGO_CHECK_OK(journey(stage, true));
  SHOGO_CHECK_OK(stage.export_log());
  SHOGO_CHECK_OK(keep_host_logs(stage));
  return end_script(stage);
}

Judgement judge_log_privacy(const Transcript& transcript, const CheckContext& context) {
  const auto allowed = static_cast<std::size_t>(context.number("canaries_found"));
  std::vector<Canary> canaries;
  std::set<std::string> kinds;
  for (const Event* event : transcript.select(source::kStimulus, "canaries")) {
    for (const auto& pair : event->data) {
      // Every log contains the empty text.
      if (!pair.value().is_string() || pair.value().get_string().empty()) continue;
      const ByteView value = as_bytes(pair.value().get_string());
      const bool digits =
          std::all_of(value.begin(), value.end(), [](std::uint8_t b) { return b >= '0' && b <= '9'; });
      kinds.insert(std::string(pair.key()));
      canaries.push_back({std::string(pair.key()), Bytes(value.begin(), value.end()), digits});
    }
  }
  for (const Event* event : transcript.select(source::kHarness, "canary_photo")) {
    const Bytes* photo = transcript.blob(event->blob);
    if (photo == nullptr || photo->empty()) continue;
    kinds.insert("chip photo");
    canaries.push_back({"chip photo", *photo, false});
  }

  const auto device_logs = transcript.select(source::kDevice, "log");
  const auto host_logs = transcript.select(source::kHarness, "host_log");
  std::size_t bytes = 0;
  std::string found;
  std::size_t hits = 0;
  std::vector<std::size_t> sizes;
  const auto look = [&](const Event* event, const std::string& where) {
    const Bytes* log = transcript.blob(event->blob);
    if (log == nullptr) return;
    bytes += log->size();
    for (const CanaryHit& hit : search(*log, canaries)) {
      ++hits;
      if (found.size() < 300)
        found += fmt::format("{}{} as {} in {} at byte {}", found.empty() ? "" : "; ", hit.what, hit.encoding,
                             where, hit.offset);
    }
  };
  for (const Event* event : device_logs) {
    look(event, "the device's log");
    const Bytes* log = transcript.blob(event->blob);
    sizes.push_back(log == nullptr ? 0 : log->size());
  }
  for (const Event* event : host_logs) look(event, text_of(event->data, "file"));

  const auto steps = steps_of(transcript);
  const Step* right = find_step(steps, "right_pin");
  const bool went_through = right != nullptr && [&] {
    for (const CardCommand& command : right->pin_verifies()) {
      if (command.sw == 0x9000) return true;
    }
    return false;
  }();
  const bool grew = sizes.size() >= 2 && sizes.back() > sizes.front();
  Judgement judgement;
  if (hits > allowed) {
    judgement = fail(found, "ログに個人を特定できる情報がある：" + found);
  } else if (kinds.size() < 6 || !went_through || !grew) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("the control did not hold: {} canaries, journey at the card {}, log {}", canaries.size(),
                    went_through ? "complete" : "missing", grew ? "grew" : "did not grow"),
        "対照が成立しない：対象者の手続がカードに届いていないか、ログが増えていない");
  } else {
    judgement = pass(
        fmt::format(
            "{} canaries in every encoding: none found in {} bytes of {} logs, which did record the journeys",
            canaries.size(), bytes, device_logs.size() + host_logs.size()),
        fmt::format("{}種の目印をあらゆる符号化で探したが、{}件のログ（{}バイト）に1件もなかった",
                    canaries.size(), device_logs.size() + host_logs.size(), bytes));
  }
  judgement.measurements = {{"canaries_found", static_cast<double>(hits), "count",
                             fmt::format("<= {}", allowed), static_cast<std::int64_t>(canaries.size())}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
