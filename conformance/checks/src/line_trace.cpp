#include "line_trace.h"

#include "card_trace.h"
#include <algorithm>
#include <limits>
#include <map>

namespace shogo::conformance {
namespace {

constexpr double kOneMessage_ms = 20;

}  // namespace

LineTrace line_trace(const Transcript& transcript, std::string_view line, std::int64_t begin_ns,
                     std::int64_t end_ns) {
  LineTrace trace;
  for (const Event& event : transcript.events()) {
    if (event.source != source::kNet || event.t_ns < begin_ns || event.t_ns >= end_ns) continue;
    if (text_of(event.data, "line") != line) continue;
    const int connection = static_cast<int>(integer_of(event.data, "connection", 0));
    if (event.kind == "connected") {
      trace.attempts.push_back({event.t_ns, connection});
    } else if (event.kind == "bytes") {
      auto& bursts = text_of(event.data, "from") == "reader" ? trace.near : trace.far;
      bursts.push_back({event.t_ns, connection, integer_of(event.data, "size", 0)});
    } else if (event.kind == "closed") {
      trace.ends.push_back({event.t_ns, connection, text_of(event.data, "by")});
    }
  }
  return trace;
}

std::vector<double> intervals_ms(const std::vector<Burst>& bursts) {
  std::vector<double> intervals;
  std::map<int, std::int64_t> last;
  for (const Burst& burst : bursts) {
    const auto before = last.find(burst.connection);
    if (before == last.end()) {
      last[burst.connection] = burst.t_ns;
      continue;
    }
    const double gap = static_cast<double>(burst.t_ns - before->second) / 1e6;
    if (gap < kOneMessage_ms) continue;
    intervals.push_back(gap);
    before->second = burst.t_ns;
  }
  return intervals;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::optional<Span> span_of_step(const Transcript& transcript, std::string_view name) {
  std::optional<Span> span;
  for (const Event& event : transcript.events()) {
    if (event.source != source::kStimulus) continue;
    if (event.kind != "step" && event.kind != "script_end") continue;
    if (span) {
      span->end_ns = event.t_ns;
      return span;
    }
    if (event.kind == "step" && text_of(event.data, "name") == name)
      span = Span{event.t_ns, std::numeric_limits<std::int64_t>::max()};
  }
  return span;
}

const Event* first_state(const Transcript& transcript, Span span,
                         const std::vector<std::string_view>& names) {
  for (const Event& event : transcript.events()) {
    if (event.source != source::kDevice || event.kind != "state") continue;
    if (event.t_ns < span.begin_ns || event.t_ns >= span.end_ns) continue;
    const std::string name = text_of(event.data, "name");
    if (std::find(names.begin(), names.end(), name) != names.end()) return &event;
  }
  return nullptr;
}

}  // namespace shogo::conformance
