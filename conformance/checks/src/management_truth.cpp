// 3-21: what the clinic PC shows of the reader is true within seconds, and what it changes there is changed:
// state as a card comes and goes, version, a setting, a restart.
#include "card_trace.h"
#include "checks.h"
#include "device_restart.h"
#include "journey.h"
#include "staff_client.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr sim::Patient kWho = sim::Patient::kValid;
constexpr const char* kName = "照合𠮷医院";  // synthetic
constexpr milliseconds kLook{50};
constexpr std::array<std::string_view, 5> kParts{"version", "busy", "idle_again", "setting", "restart"};

/// Longer than a device may take: it is the judge who says that it is too late.
constexpr milliseconds kPatience{7'000};

class Desk {
 public:
  Desk(Stage& stage, StaffClient client, StaffKeys keys)
      : stage_(stage), client_(std::move(client)), keys_(std::move(keys)) {}

  /// Looks until the status has this value there, and writes down how long that took.
  Result<void> see(std::string_view part, std::initializer_list<std::string_view> path,
                   const std::string& wanted) {
    const auto begin = std::chrono::steady_clock::now();
    std::string seen;
    milliseconds took{0};
    for (;;) {
      const auto answer = client_.ask("GET", "/api/status", nullptr, keys_);
      seen = answer.ok() ? text_at(*answer, path) : answer.error().message();
      took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
      if (seen == wanted || took > kPatience) break;
      SHOGO_CHECK_OK(stage_.linger(kLook));
    }
    stage_.record(source::kHost, "seen",
                  {{"part", part}, {"wanted", wanted}, {"seen", seen}, {"t_took_ms", took.count()}});
    return {};
  }
  Result<HttpAnswer> post(std::string_view path, const json::value& body) {
    return client_.ask("POST", path, body, keys_);
  }
  Result<HttpAnswer> get(std::string_view path) { return client_.ask("GET", path, nullptr, keys_); }

 private:
  Stage& stage_;
  StaffClient client_;
  StaffKeys keys_;
};

/// The device's own word for a setting, past the management.
Result<std::string> name_at_device(Stage& stage) {
  SHOGO_TRY(const json::value settings, stage.call("get_settings"));
  const json::object* object = settings.if_object();
  return object == nullptr ? std::string() : text_of(*object, "clinic_name");
}

}  // namespace

Result<void> stimulate_management_truth(Stage& stage) {
  SHOGO_TRY(const StaffClient client, StaffClient::find(stage));
  SHOGO_TRY(const StaffKeys keys, client.login(stage));
  Desk desk(stage, client, keys);
  SHOGO_CHECK_OK(desk.see("version", {"reader", "firmware"}, stage.hello().firmware));
  SHOGO_CHECK_OK(desk.see("idle", {"reader", "phase"}, "idle"));
  const Mark placed = stage.mark();
  SHOGO_CHECK_OK(stage.ours(stage.world().place_card(kWho)));
  SHOGO_CHECK_OK(stage.wait_state({"method"}, placed));
  SHOGO_CHECK_OK(desk.see("busy", {"reader", "phase"}, "identity"));
  SHOGO_CHECK_OK(finish(stage));
  SHOGO_CHECK_OK(desk.see("idle_again", {"reader", "phase"}, "idle"));

  const auto begin = std::chrono::steady_clock::now();
  SHOGO_TRY(const HttpAnswer set, desk.post("/api/settings", {{"clinic_name", kName}}));
  std::string now;
  while (std::chrono::steady_clock::now() - begin < kPatience) {
    SHOGO_TRY(now, name_at_device(stage));
    if (now == kName) break;
    SHOGO_CHECK_OK(stage.linger(kLook));
  }
  const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  SHOGO_TRY(const HttpAnswer told, desk.get("/api/settings"));
  stage.record(source::kHost, "seen",
               {{"part", "setting"},
                {"status", set.status},
                {"wanted", kName},
                {"seen", now},
                {"told", text_at(told, {"clinic_name"})},
                {"t_took_ms", took.count()}});

  stage.world().watch_lines(true);
  SHOGO_CHECK_OK(restart_device(stage, [&]() -> Result<void> {
    SHOGO_TRY(const HttpAnswer answer, desk.post("/api/restart", json::object{}));
    stage.record(source::kHost, "asked", {{"what", "restart"}, {"status", answer.status}});
    return {};
  }));
  stage.world().watch_lines(false);
  SHOGO_CHECK_OK(desk.see("restart", {"reader", "phase"}, "idle"));
  (void)stage.set_settings({{"clinic_name", ""}});
  return end_script(stage);
}

Judgement judge_management_truth(const Transcript& transcript, const CheckContext& context) {
  const double limit_ms = context.number("reflection_delay_max") * 1'000;
  std::string fault, fault_ja;
  double slowest = 0;
  std::vector<std::string> seen_parts;
  for (const Event* event : transcript.select(source::kHost, "seen")) {
    const std::string part = text_of(event->data, "part");
    const std::string wanted = text_of(event->data, "wanted");
    const std::string seen = text_of(event->data, "seen");
    const auto took = static_cast<double>(integer_of(event->data, "t_took_ms", -1));
    if (took < 0 || part.empty()) continue;
    seen_parts.push_back(part);
    slowest = std::max(slowest, took);
    const bool told_wrong = event->data.contains("told") && text_of(event->data, "told") != wanted;
    if (!fault.empty() || (seen == wanted && !told_wrong && took <= limit_ms)) continue;
    fault = seen != wanted
                ? fmt::format("{}: \"{}\" instead of \"{}\" after {:.0f} ms", part, seen, wanted, took)
            : told_wrong ? fmt::format("{}: the management tells another value than the device has", part)
                         : fmt::format("{}: right only after {:.0f} ms", part, took);
    fault_ja =
        fmt::format("{}：{}（{:.0f} ms後）", part, seen != wanted ? "実際と異なる" : "反映が遅い", took);
  }
  // The bench's own line saw the reader go and come: a restart that only says so leaves no trace there.
  const auto restart = transcript.select(source::kStimulus, "restart");
  bool went = false, came = false;
  if (!restart.empty())
    for (const Event& event : transcript.events()) {
      if (event.source != source::kNet || text_of(event.data, "line") != "reader_link" ||
          event.t_ns < restart.back()->t_ns)
        continue;
      went = went || event.kind == "closed";
      came = came || event.kind == "connected";
    }
  const bool asked = !transcript.select(source::kHost, "asked").empty();
  if (fault.empty() && asked && !(went && came)) {
    fault = "the reader was told to restart and did not: its link to the clinic PC stayed";
    fault_ja = "再起動を指示したが、端末との接続が切れず再起動していない";
  }
  const bool all = std::all_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
    return std::find(seen_parts.begin(), seen_parts.end(), part) != seen_parts.end();
  });
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fault_ja);
  } else if (!all || !asked) {
    judgement = inconclusive(
        Reason::kControlFailed,
        fmt::format("only {} of {} things were looked at", seen_parts.size(), kParts.size() + 1),
        fmt::format("{}項目中{}項目しか確かめられなかった", kParts.size() + 1, seen_parts.size()));
  } else {
    judgement =
        pass(fmt::format("version, state, a setting and a restart were true from the clinic PC (the slowest "
                         "after {:.0f} ms)",
                         slowest),
             fmt::format("端末から見た版、状態、設定、再起動が実際と一致した（最長{:.0f} ms）", slowest));
  }
  judgement.measurements = {{"reflection_delay_max", slowest / 1'000, "s",
                             fmt::format("<= {:g} s", limit_ms / 1'000),
                             static_cast<std::int64_t>(seen_parts.size())}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
