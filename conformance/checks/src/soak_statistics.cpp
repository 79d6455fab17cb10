#include "soak_statistics.h"

#include "card_trace.h"
#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr double kZ = 1.96;
constexpr std::size_t kLeastForDrift = 60;

double median_of_sorted(const std::vector<double>& v) {
  const std::size_t n = v.size();
  return n % 2 == 1 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct Quantile {
  double value, low, high;
};

Quantile p95(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  const double n = static_cast<double>(v.size());
  const auto at = [&](double rank) {
    const double index = std::clamp(std::round(rank) - 1, 0.0, n - 1);
    return v[static_cast<std::size_t>(index)];
  };
  const double spread = kZ * std::sqrt(n * 0.95 * 0.05);
  return {at(n * 0.95), at(n * 0.95 - spread), at(n * 0.95 + spread)};
}

}  // namespace

Slope theil_sen(const std::vector<double>& x, const std::vector<double>& y) {
  const std::size_t n = std::min(x.size(), y.size());
  std::vector<double> slopes;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j)
      if (x[j] != x[i]) slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
  if (n < 3 || slopes.empty()) return {};
  std::sort(slopes.begin(), slopes.end());
  const double points = static_cast<double>(n);
  const double spread = kZ * std::sqrt(points * (points - 1) * (2 * points + 5) / 18);
  const double count = static_cast<double>(slopes.size());
  const auto at = [&](double rank) {
    return slopes[static_cast<std::size_t>(std::clamp(std::floor(rank), 0.0, count - 1))];
  };
  return {median_of_sorted(slopes), at((count - spread) / 2), at((count + spread) / 2)};
}

Drift p95_drift(const std::vector<double>& values) {
  if (values.size() < kLeastForDrift) return {};
  const auto third = static_cast<std::ptrdiff_t>(values.size() / 3);
  const Quantile first = p95({values.begin(), values.begin() + third});
  const Quantile last = p95({values.end() - third, values.end()});
  if (first.value <= 0 || first.high <= 0) return {};
  return {(last.value / first.value - 1) * 100, (last.low / first.high - 1) * 100};
}

SoakSummary summarize_sessions(const Transcript& transcript) {
  SoakSummary summary;
  std::set<std::int64_t> seen;
  std::optional<std::int64_t> begin_ns;
  std::int64_t end_ns = 0;
  std::int64_t cpu_before = 0;
  for (const Event& event : transcript.events()) {
    if (event.source != source::kHarness) continue;
    if (event.kind == "clock_mode" && text_of(event.data, "mode") == "virtual")
      begin_ns = integer_of(event.data, "t_dev", 0);
    if (event.kind == "soak_ends") end_ns = integer_of(event.data, "t_dev", 0);
    if (event.kind != "session") continue;
    const std::int64_t n = integer_of(event.data, "n", 0);
    if (!seen.insert(n).second) continue;
    ++summary.count;
    const bool faulty = text_of(event.data, "fault") != "none";
    summary.faulty += faulty ? 1 : 0;
    const boost::json::value* idle = event.data.if_contains("idle");
    const bool back = idle != nullptr && idle->is_bool() && idle->get_bool();
    const bool answered = text_of(event.data, "outcome") == "ok";
    const std::int64_t cpu = integer_of(event.data, "t_cpu_ns", 0);
    if (!faulty && cpu_before > 0) summary.cpu_ms.push_back(static_cast<double>(cpu - cpu_before) / 1e6);
    cpu_before = cpu;
    if (back && (faulty || answered)) continue;
    ++summary.unrecovered;
    if (!summary.broken_en.empty()) continue;
    summary.broken_en =
        fmt::format("session {}: {}", n,
                    back ? "answered \"" + text_of(event.data, "outcome") + "\" where success was due"
                         : "the device did not come back to idle");
    summary.broken_ja = fmt::format("{}回目のセッション：{}", n,
                                    back ? "成功すべきところで成功しなかった" : "待機状態に戻らなかった");
  }
  if (begin_ns && end_ns > *begin_ns) summary.hours = static_cast<double>(end_ns - *begin_ns) / 3.6e12;
  return summary;
}

}  // namespace shogo::conformance
