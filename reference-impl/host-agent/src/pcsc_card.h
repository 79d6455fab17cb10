// The PC/SC side of CardChannel. Every use of a card has a PC/SC context of its own, and every call a
// deadline: a card that never answers costs one lost thread, never the agent. One thread at a time uses an
// object.
#pragma once

#include "card_channel.h"
#include "deadline_thread.h"
#include <string>

#include <winscard.h>

namespace shogo::agent {

/// Longer than any card may take for one answer (4.95 s, ISO/IEC 14443-4 7.2) and than a front end that
/// enforces that, so it strikes only when nobody else ends the wait. Ours, not the ministry's.
constexpr milliseconds kCardLimit{6'000};

class PcscCard final : public CardChannel {
 public:
  /// Empty name: the first reader there is. `alone`: nobody else's command comes between ours (2-1.b).
  PcscCard(std::string reader, Clock& clock, milliseconds limit = kCardLimit, bool alone = true)
      : reader_(std::move(reader)), clock_(clock), limit_(limit), alone_(alone), calls_(clock) {}
  /// kCorrupt when the card answered nonsense or not at all.
  Result<void> with_card(const std::function<void(const Transmit&)>& work) override;

 private:
  std::string reader_;
  Clock& clock_;  // outlives lost calls: it lives as long as the process
  milliseconds limit_;
  bool alone_;
  DeadlineThread calls_;
};

/// The reader to use: `wanted` when it is listed, the first one when `wanted` is empty.
[[nodiscard]] Result<std::string> find_reader(SCARDCONTEXT context, const std::string& wanted);

}  // namespace shogo::agent
