// When the reader link beats, when it gives a silent peer up, and when the reader may try again (3-22). Pure:
// time comes in, time goes out.
#pragma once

#include <shogo/base/clock.h>

namespace shogo::reference {

constexpr milliseconds kDefaultHeartbeat{5'000};
constexpr milliseconds kShortestHeartbeat{200};
constexpr milliseconds kLongestHeartbeat{30'000};  ///< 3-22.d
constexpr milliseconds kShortestRetry{1'000};      ///< 3-22.d: never more than one attempt a second

struct LinkTiming {
  milliseconds heartbeat = kDefaultHeartbeat;
  /// Nothing heard for so long: the peer is gone, whatever TCP believes. Two and a half heartbeats, so that a
  /// peer that falls silent at any moment is noticed before its third beat is due (3-22.c).
  milliseconds silence = kDefaultHeartbeat * 5 / 2;
  milliseconds first_retry = kShortestRetry;
  milliseconds longest_retry{8'000};

  /// TCP and TLS together may take so long: a peer that accepts and then says nothing is no peer.
  [[nodiscard]] milliseconds handshake_limit() const;
};

/// Timing around a heartbeat, which is brought into the range above.
[[nodiscard]] LinkTiming timing_with(milliseconds heartbeat);

/// Waits between attempts: none before the first, then first_retry, doubled with every failure up to
/// longest_retry. A connection that held for a heartbeat makes it start afresh; one that did not counts as a
/// failure, or a peer that accepts and hangs up would be stormed.
class Backoff {
 public:
  explicit Backoff(const LinkTiming& timing) : timing_(timing), delay_(timing.first_retry) {}
  /// Counts from now on; an attempt that waits already waits no longer than the new timing says.
  void use(const LinkTiming& timing);
  /// An attempt begins.
  void tried(Nanoseconds now);
  /// It ended: never connected, or connected for `held` and then lost.
  void failed() { grow(); }
  void lost(Nanoseconds held);
  /// The earliest moment of the next attempt; before the first any moment will do.
  [[nodiscard]] Nanoseconds next() const { return next_; }

 private:
  void grow();
  LinkTiming timing_;
  milliseconds delay_;
  Nanoseconds last_{Nanoseconds::min()};
  Nanoseconds next_{Nanoseconds::min()};
};

}  // namespace shogo::reference
