// 3-14.e: the connectivity check tells the truth in time: in normal state, and when the eligibility server is
// down, slow, out of order or somebody else. The server's own log shows that the check really asked.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"
#include <array>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

struct Scenario {
  const char* name;
  sim::ServerFault fault;
  bool reachable;
};
// DNS is missing: the bench's server has an address and no name yet, so that failure cannot be given.
constexpr std::array<Scenario, 6> kScenarios{{
    {"normal", sim::ServerFault::kNone, true},
    {"down", sim::ServerFault::kRefused, false},
    {"closes", sim::ServerFault::kClosed, false},
    {"wrong_tls", sim::ServerFault::kWrongTls, false},
    {"error_500", sim::ServerFault::kError500, false},
    {"slow", sim::ServerFault::kSlow, false},
}};
constexpr milliseconds kPatience{20'000};

}  // namespace

Result<void> stimulate_connectivity(Stage& stage) {
  for (const Scenario& scenario : kScenarios) {
    stage.world().set_server(scenario.fault);
    stage.note("step", {{"name", scenario.name}});
    const auto begin = std::chrono::steady_clock::now();
    const auto answer = stage.call("check_connectivity", {}, kPatience);
    const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
    stage.world().set_server(sim::ServerFault::kNone);
    if (!answer.ok()) return answer.error();
    stage.record(source::kHarness, "connectivity_time", {{"t_took_ms", took.count()}});
  }
  return end_script(stage);
}

Judgement judge_connectivity(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  std::int64_t played = 0;
  std::int64_t lies = 0;
  double slowest = 0;
  std::string fault;
  bool asked = false;
  for (const Scenario& scenario : kScenarios) {
    const Step* step = find_step(steps, scenario.name);
    if (step == nullptr) continue;
    const auto answers = step->select(source::kDevice, "answer");
    const auto times = step->select(source::kHarness, "connectivity_time");
    if (answers.empty() || times.empty()) continue;
    const boost::json::value* result = answers.front()->data.if_contains("result");
    if (result == nullptr || !result->is_object()) continue;
    ++played;
    const std::string reason = text_of(result->get_object(), "reason");
    const auto limit = integer_of(result->get_object(), "limit_ms", 0);
    const auto took = integer_of(times.front()->data, "t_took_ms", 0);
    slowest = std::max(slowest, static_cast<double>(took));
    if (scenario.reachable)
      for (const Event* event : step->select(source::kServer, "request"))
        asked = asked || !text_of(event->data, "path").empty();
    if ((reason == "none") != scenario.reachable) {
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
  } else if (played < n || !asked) {
    judgement = inconclusive(Reason::kControlFailed,
                             fmt::format("{} of {} situations were played, and in normal state the server {}",
                                         played, n, asked ? "was asked" : "was not asked at all"),
                             fmt::format("{}場面中{}場面を実施。正常時にサーバーへの問い合わせが{}", n,
                                         played, asked ? "あった" : "ない"));
  } else {
    judgement = inconclusive(
        Reason::kPartial,
        fmt::format("truthful and in time in {} situations (the slowest took {:.0f} ms); a DNS "
                    "failure cannot be given on this bench: its server has no name",
                    played, slowest),
        fmt::format("{}場面で正しい結果が時間内に出た（最長{:.0f} ms）。DNSの失敗は、この試験台では"
                    "起こせない（サーバーに名前がない）",
                    played, slowest));
  }
  judgement.measurements = {{"untrue_answers", static_cast<double>(lies), "count", "= 0", played},
                            {"slowest_answer", slowest, "ms", "<= declared", played}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
