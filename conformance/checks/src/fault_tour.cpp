#include "fault_tour.h"

#include "card_trace.h"
#include "journey.h"
#include "link_stage.h"
#include <cstdlib>
#include <filesystem>
#include <functional>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/png.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/sim/world.h>

namespace shogo::conformance {
namespace {

using Line = sim::World::Line;
constexpr sim::Patient kWho = sim::Patient::kCanary;
/// Longer than the criterion's five seconds: it is the judge who finds a notice too late.
constexpr milliseconds kNoticeWait{7'000};
constexpr milliseconds kRepairWait{12'000};

const std::set<std::string>& notices() {
  static const std::set<std::string> kNames{"error", "out_of_service", "result_ng"};
  return kNames;
}

/// Waits that may end in vain: the judge says what that means.
template <typename T>
Result<void> tolerant(const Result<T>& waited) {
  if (waited.ok() || is_timeout(waited.error())) return {};
  return waited.error();
}

Result<void> stop(Stage& stage, std::string_view name, const std::function<Result<void>()>& cause,
                  const std::function<Result<void>()>& repair) {
  const Mark begun = stage.mark();
  stage.note("step", {{"name", fmt::format("fault_{}", name)}});
  SHOGO_CHECK_OK(cause());
  SHOGO_CHECK_OK(tolerant(stage.wait_state(notices(), begun, kNoticeWait)));
  SHOGO_CHECK_OK(stage.keep_frame(name));
  stage.note("step", {{"name", fmt::format("repair_{}", name)}});
  SHOGO_CHECK_OK(repair());
  stage.world().take_card();
  SHOGO_CHECK_OK(tolerant(stage.wait_state({"idle"}, kRepairWait)));
  SHOGO_CHECK_OK(stage.keep_frame(fmt::format("repaired_{}", name)));
  SHOGO_CHECK_OK(stage.export_log());
  return {};
}

Result<void> enter_pin(Stage& stage) {
  SHOGO_CHECK_OK(go_to_pin(stage, kWho));
  SHOGO_TRY(PinPad pad, PinPad::find(stage));
  SHOGO_CHECK_OK(pad.type(stage, stage.world().pin_of(kWho)));
  if (const auto now = stage.last_state(); now && text_of(now->data, "name") == "pin")
    SHOGO_CHECK_OK(pad.done(stage));
  return {};
}

/// A device notices when it has something to write: a patient comes and goes.
Result<void> full_storage(Stage& stage) {
  const auto room = stage.world().fill_storage(false);
  if (!room.ok() && room.error().code() == Code::kUnsupported) return {};
  SHOGO_CHECK_OK(Stage::ours(room));
  return stop(
      stage, "storage",
      [&]() -> Result<void> {
        SHOGO_CHECK_OK(Stage::ours(stage.world().fill_storage(true)));
        const Mark placed = stage.mark();
        SHOGO_CHECK_OK(Stage::ours(stage.world().place_card(kWho)));
        SHOGO_CHECK_OK(
            tolerant(stage.wait_state({"method", "error", "out_of_service"}, placed, kNoticeWait / 2)));
        stage.world().take_card();
        return {};
      },
      [&] { return Stage::ours(stage.world().fill_storage(false)); });
}

/// As after a battery's end: the day that computers count from.
Result<void> invalid_clock(Stage& stage) {
  if (!stage.device().has(contract::cap::kClockVirtual)) return {};
  return stop(
      stage, "clock",
      [&] {
        stage.world().shift_civil_time(-stage.world().civil_time());
        return Result<void>();
      },
      [&] {
        stage.world().restore_civil_time();
        return Result<void>();
      });
}

Result<void> keep_host_logs(Stage& stage) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(stage.world().bench().log_folder, ec)) {
    if (!entry.is_regular_file(ec)) continue;
    SHOGO_TRY(Bytes bytes, stage.ours(read_file(entry.path())));
    stage.record(source::kHarness, "host_log", {{"file", entry.path().filename().string()}}, "host_log",
                 "txt", std::move(bytes));
  }
  return {};
}

}  // namespace

const std::vector<TourStop>& tour_stops() {
  static const std::vector<TourStop> kStops{
      {"host_lost", "loss of the clinic PC", "資格確認端末との切断", true},
      {"network", "network loss", "ネットワーク断", true},
      {"server_5xx", "server error 5xx", "サーバーの5xx応答", true},
      {"card_locked", "a locked card", "カードのロック", false},
      {"storage", "full storage", "保存領域の満杯", true},
      {"clock", "an invalid clock", "時計の不正", true},
      {"card_reader", "loss of the card reader", "ICカードリーダーの故障", true},
  };
  return kStops;
}

Result<void> stimulate_fault_tour(Stage& stage) {
  SHOGO_TRY(HostSide * host, stage.host());
  SHOGO_CHECK_OK(quicken_link(stage, milliseconds(1'000)));
  const sim::PatientFacts& facts = stage.world().facts_of(kWho);
  stage.note("canaries", {{"name", facts.name},
                          {"address", facts.address},
                          {"birth_date", facts.birth_date},
                          {"number_b", facts.number_b},
                          {"pin", as_text(stage.world().pin_of(kWho).expose())}});
  SHOGO_CHECK_OK(stage.keep_frame("idle"));
  // What an error record may betray must have been there: the canary's PIN meets the card once.
  begin_step(stage, "control_journey", kWho);
  const Mark entered = stage.mark();
  SHOGO_CHECK_OK(enter_pin(stage));
  SHOGO_CHECK_OK(stage.wait_result(entered));
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(stage.export_log());
  const auto nothing = [] { return Result<void>(); };
  SHOGO_CHECK_OK(stop(
      stage, "host_lost", [&] { return Stage::ours(host->crash_agent()); },
      [&] { return Stage::ours(host->start_agent()); }));
  SHOGO_CHECK_OK(stop(
      stage, "network",
      [&] {
        stage.world().set_line(Line::kServer, sim::LineFault::kRefused);
        return enter_pin(stage);
      },
      [&] {
        stage.world().set_line(Line::kServer, sim::LineFault::kNone);
        return Result<void>();
      }));
  SHOGO_CHECK_OK(stop(
      stage, "server_5xx",
      [&] {
        stage.world().set_server(sim::ServerFault::kError500);
        return enter_pin(stage);
      },
      [&] {
        stage.world().set_server(sim::ServerFault::kNone);
        return Result<void>();
      }));
  SHOGO_CHECK_OK(stop(
      stage, "card_locked", [&] { return tolerant(choose_pin(stage, sim::Patient::kLocked)); }, nothing));
  SHOGO_CHECK_OK(full_storage(stage));
  SHOGO_CHECK_OK(invalid_clock(stage));
  // Last: a device that keeps this notice can play no other part of the tour.
  SHOGO_CHECK_OK(stop(
      stage, "card_reader",
      [&] {
        stage.world().crash_pcscd();
        return Result<void>();
      },
      [&] { return Stage::ours(stage.world().restart_pcscd()); }));
  SHOGO_CHECK_OK(keep_host_logs(stage));
  return end_script(stage);
}

MissingFaults missing_faults(const Transcript& transcript, bool all) {
  MissingFaults missing{
      "faults of the two cameras and the touch panel (the reference reader has none that the bench could "
      "break), a failed update (it takes none)",
      "二つのカメラとタッチパネルの故障（試験台から壊せる部品がない）、更新の失敗（更新の機能がない）"};
  if (all) {
    missing.en += ", a fault of the loudspeaker";
    missing.ja += "、音声の故障";
  }
  for (const TourStop& stop : tour_stops()) {
    if (kept_frame(transcript, stop.name)) continue;
    missing.en += fmt::format(", {}", stop.en);
    missing.ja += fmt::format("、{}", stop.ja);
  }
  return missing;
}

std::optional<Image> kept_frame(const Transcript& transcript, std::string_view name) {
  for (const Event* event : transcript.select(source::kDevice, "frame")) {
    if (text_of(event->data, "name") != name) continue;
    const Bytes* png = transcript.blob(event->blob);
    if (png == nullptr) return std::nullopt;
    auto image = decode_png(*png);
    if (!image.ok()) return std::nullopt;
    return *std::move(image);
  }
  return std::nullopt;
}

double difference(const Image& a, const Image& b) {
  if (a.width != b.width || a.height != b.height || a.pixels.size() != b.pixels.size() || a.pixels.empty())
    return 1;
  constexpr int kVisible = 16;  // of 255, in any channel
  std::size_t changed = 0;
  for (std::size_t i = 0; i + 2 < a.pixels.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) {
      if (std::abs(int{a.pixels[i + c]} - int{b.pixels[i + c]}) < kVisible) continue;
      ++changed;
      break;
    }
  }
  return static_cast<double>(changed) / static_cast<double>(a.pixels.size() / 3);
}

bool is_blank(const Image& image) {
  if (image.pixels.size() < 3) return true;
  Image plain = image;
  for (std::size_t i = 0; i + 2 < plain.pixels.size(); i += 3)
    for (std::size_t c = 0; c < 3; ++c) plain.pixels[i + c] = image.pixels[c];
  return difference(plain, image) < kDistinct;
}

}  // namespace shogo::conformance
