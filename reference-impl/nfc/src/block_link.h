// BlockLink: the reader's end of the block protocol (ISO/IEC 14443-4, 7). Cuts commands into blocks that the
// card's frame size allows, joins the card's pieces, gives it more time when it asks, and repeats what was
// lost or garbled, so that a command runs exactly once.
#pragma once

#include "rf_link.h"
#include <cstdint>

#include <shogo/contract/rf_block.h>

namespace shogo::reference {

struct BlockLimits {
  /// A card's frame waiting time is believed, but never below this: a busy PC needs it, and no card minds.
  milliseconds shortest_wait{500};
  /// From the command to the end of its answer, whatever the card asks for. PC/SC clients wait longer.
  milliseconds longest_answer{5'000};
  int attempts = 3;  ///< repetitions in a row before the card is given up
};

class BlockLink {
 public:
  BlockLink(RfLink& rf, Clock& clock, BlockLimits limits) : rf_(rf), clock_(clock), limits_(limits) {}

  /// The card has answered ATTRIB.
  void begin(const contract::Atqb& card);
  /// The card's answer. kTimeout: mute; kCorrupt: unintelligible to the last attempt; kNotFound: it has left
  /// the field; kUnavailable, kCancelled: as RfLink.
  [[nodiscard]] Result<Bytes> transmit(ByteView apdu);
  /// Asks an R(NAK) (7.5.6.2, presence check by method 2). False: it has left, or does not answer any more.
  [[nodiscard]] bool card_is_there();

  /// Blocks sent again since begin().
  [[nodiscard]] std::uint64_t repetitions() const { return repetitions_; }

 private:
  [[nodiscard]] Result<contract::RfBlock> exchange(const contract::RfBlock& block, Nanoseconds limit);

  RfLink& rf_;
  Clock& clock_;
  BlockLimits limits_;
  std::size_t frame_size_ = 256;
  Nanoseconds waiting_time_{0};
  std::uint8_t number_ = 0;
  std::uint64_t repetitions_ = 0;
};

}  // namespace shogo::reference
