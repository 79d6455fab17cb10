// Reading a transcript's network capture: what a cable between reader and host software would show. The
// device has no say in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

/// Bytes that one end sent in one go.
struct Burst {
  std::int64_t t_ns = 0;
  int connection = 0;
  std::int64_t size = 0;
};

struct LineEnd {
  std::int64_t t_ns = 0;
  int connection = 0;
  std::string by;  ///< "reader", "host", or "line": the bench's fault
};

struct LineAttempt {
  std::int64_t t_ns = 0;
  int connection = 0;
};

/// One line's traffic from `begin` (included) to `end` (not included), in order.
struct LineTrace {
  std::vector<LineAttempt> attempts;  ///< the near end connected, or tried to
  std::vector<Burst> near, far;
  std::vector<LineEnd> ends;

  [[nodiscard]] bool empty() const { return attempts.empty() && near.empty() && far.empty() && ends.empty(); }
};

[[nodiscard]] LineTrace line_trace(const Transcript& transcript, std::string_view line, std::int64_t begin_ns,
                                   std::int64_t end_ns);

/// Times between successive bursts of one connection, in ms; bursts closer than 20 ms are one message and its
/// rest.
[[nodiscard]] std::vector<double> intervals_ms(const std::vector<Burst>& bursts);
[[nodiscard]] double median(std::vector<double> values);

/// Time of the first event of this stimulus step (a note "step" with that name), and of the next step or the
/// end.
struct Span {
  std::int64_t begin_ns = 0, end_ns = 0;
};
[[nodiscard]] std::optional<Span> span_of_step(const Transcript& transcript, std::string_view name);
/// The first event of the device with that kind and (for a state) name within the span.
[[nodiscard]] const Event* first_state(const Transcript& transcript, Span span,
                                       const std::vector<std::string_view>& names);

}  // namespace shogo::conformance
