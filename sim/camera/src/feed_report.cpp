#include <algorithm>
#include <cmath>

#include <shogo/sim/feed_report.h>

namespace shogo::sim {
namespace {

namespace json = boost::json;
constexpr std::int64_t kStep_ns = 10'000;
constexpr std::size_t kSteps = 1'000'000;

double rounded(double ms) {
  return std::round(ms * 1000) / 1000;
}
json::object spread(const Durations& durations) {
  return {{"n", durations.count()},
          {"mean_ms", rounded(durations.mean_ms())},
          {"deviation_ms", rounded(durations.deviation_ms())},
          {"median_ms", rounded(durations.quantile_ms(0.5))},
          {"p95_ms", rounded(durations.quantile_ms(0.95))},
          {"p99_ms", rounded(durations.quantile_ms(0.99))},
          {"most_ms", rounded(durations.most_ms())}};
}

}  // namespace

void Durations::add(Nanoseconds duration) {
  const std::int64_t ns = std::max<std::int64_t>(duration.count(), 0);
  const auto step = static_cast<std::size_t>(std::min<std::int64_t>(ns / kStep_ns, kSteps - 1));
  if (steps_.size() <= step) steps_.resize(step + 1);
  ++steps_[step];
  ++count_;
  const double ms = static_cast<double>(ns) * 1e-6, before = ms - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (ms - mean_);
  most_ms_ = std::max(most_ms_, ms);
}

double Durations::mean_ms() const {
  return mean_;
}
double Durations::deviation_ms() const {
  return count_ < 2 ? 0 : std::sqrt(squares_ / static_cast<double>(count_ - 1));
}

double Durations::quantile_ms(double share) const {
  const auto wanted =
      static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    seen += steps_[step];
    if (seen >= std::max<std::uint64_t>(wanted, 1))
      return std::min(most_ms_, static_cast<double>((static_cast<std::int64_t>(step) + 1) * kStep_ns) * 1e-6);
  }
  return 0;
}

double achieved_fps(const FeedReport& report) {
  const double seconds = static_cast<double>(report.lasted.count()) * 1e-9;
  return seconds > 0 ? static_cast<double>(report.shown) / seconds : 0;
}

json::object to_json(const FeedReport& report) {
  return {{"asked_fps", report.fps},
          {"achieved_fps", rounded(achieved_fps(report))},
          {"seconds", rounded(static_cast<double>(report.lasted.count()) * 1e-9)},
          {"shown", report.shown},
          {"dropped", report.dropped},
          {"lateness", spread(report.lateness)},
          {"interval", spread(report.interval)},
          {"drawing_one_frame_on_one_thread", spread(report.drawing)}};
}

}  // namespace shogo::sim
