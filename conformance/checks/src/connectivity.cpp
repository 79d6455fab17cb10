// 3-14.e: the connectivity check tells the truth in time: in normal state, and when the eligibility server is
// down, slow, out of order or somebody else, or its name cannot be found. The server's own log shows that the
// check really asked.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

using Names = sim::World::NameFault;

struct Scenario {
  const char* name;
  sim::ServerFault fault = sim::ServerFault::kNone;
  Names names = Names::kNone;
  [[nodiscard]] bool dns() const { return names != Names::kNone; }
};
constexpr std::array<Scenario, 8> kScenarios{{
    {"normal"},
    {"down", sim::ServerFault::kRefused},
    {"closes", sim::ServerFault::kClosed},
    {"wrong_tls", sim::ServerFault::kWrongTls},
    {"error_500", sim::ServerFault::kError500},
    {"slow", sim::ServerFault::kSlow},
    {"dns_unknown", sim::ServerFault::kNone, Names::kUnknown},
    {"dns_silent", sim::ServerFault::kNone, Names::kSilent},
}};
constexpr milliseconds kPatience{20'000};

}  // namespace

Result<void> stimulate_connectivity(Stage& stage) {
  for (const Scenario& scenario : kScenarios) {
    if (scenario.dns()) {
      const auto broken = stage.world().set_names(scenario.names);
      if (!broken.ok() && broken.error().code() == Code::kUnsupported) continue;
      SHOGO_CHECK_OK(Stage::ours(broken));
    }
    stage.world().set_server(scenario.fault);
    stage.note("step", {{"name", scenario.name}});
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = stage.call("check_connectivity", {}, kPatience);
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    stage.world().set_server(sim::ServerFault::kNone);
    if (scenario.dns()) SHOGO_CHECK_OK(Stage::ours(stage.world().set_names(Names::kNone)));
    if (!answer.ok()) return answer.error();
    stage.record(source::kHarness, "connectivity_time", {{"t_took_ms", took.count()}});
  }
  return end_script(stage);
}

Judgement judge_connectivity(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  std::int64_t played = 0, dns_played = 0, dns_all = 0;
  std::int64_t lies = 0;
  double slowest = 0;
  std::string fault;
  bool asked_when_well = false;
  for (const Scenario& scenario : kScenarios) {
    dns_all += scenario.dns() ? 1 : 0;
    const Step* step = find_step(steps, scenario.name);
    if (step == nullptr) continue;
    const auto answers = step->select(source::kDevice, "answer");
    const auto times = step->select(source::kHarness, "connectivity_time");
    if (answers.empty() || times.empty()) continue;
    const boost::json::value* result = answers.front()->data.if_contains("result");
    if (result == nullptr || !result->is_object()) continue;
    ++played;
    dns_played += scenario.dns() ? 1 : 0;
    const std::string reason = text_of(result->get_object(), "reason");
    const auto limit = integer_of(result->get_object(), "limit_ms", 0);
    const auto took = integer_of(times.front()->data, "t_took_ms", 0);
    slowest = std::max(slowest, static_cast<double>(took));
    bool asked = false;
    for (const Event* event : step->select(source::kServer, "request"))
      asked = asked || !text_of(event->data, "path").empty();
    const bool well = scenario.fault == sim::ServerFault::kNone && !scenario.dns();
    asked_when_well = asked_when_well || (well && asked);
    // Who remembers an address reaches the server without its name, and may say so.
    const bool reachable = well || (scenario.dns() && asked);
    if ((reason == "none") != reachable) {
      ++lies;
      fault += fmt::format("{}{}: the check says \"{}\"", fault.empty() ? "" : "; ", scenario.name, reason);
    } else if (limit <= 0 || took > limit) {
      fault += fmt::format("{}{}: the answer took {} ms, the device declares {} ms",
                           fault.empty() ? "" : "; ", scenario.name, took, limit);
    }
  }
  const auto n = static_cast<std::int64_t>(kScenarios.size());
  Judgement judgement;
  if (!fault.empty()) {
    judgement = fail(fault, fmt::format("疎通確認の結果が実際と異なる：{}", fault));
  } else if (played - dns_played < n - dns_all || !asked_when_well) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} of {} situations were played, and in normal state the server {}",
                                         played, n, asked_when_well ? "was asked" : "was not asked at all"),
                             fmt::format("{}場面中{}場面を実施。正常時にサーバーへの問い合わせが{}", n,
                                         played, asked_when_well ? "あった" : "ない"));
  } else {
    judgement = pass(
        fmt::format("truthful and in time in {} situations (the slowest took {:.0f} ms).", played, slowest),
        fmt::format("{}場面で正しい結果が時間内に出た（最長{:.0f} ms）。", played, slowest));
  }
  judgement.measurements = {{"untrue_answers", static_cast<double>(lies), "count", "= 0", played},
                            {"slowest_answer", slowest, "ms", "<= declared", played}};
  return partial(only_if_whole(std::move(judgement), transcript), static_cast<int>(played),
                 static_cast<int>(n), "a DNS failure (the device does not ask the bench for names)",
                 "DNSの失敗（装置が試験台に名前を問い合わせない）");
}

}  // namespace shogo::conformance
