// Picc: the card's end of the block protocol (ISO/IEC 14443-4, 7), so that a card which knows APDUs can lie
// on an antenna that carries blocks. One thread at a time uses an object.
#pragma once

#include <functional>
#include <optional>

#include <shogo/contract/rf_block.h>

namespace shogo::sim {

class Picc {
 public:
  /// The application behind the protocol; nothing: the card has fallen silent until it loses power.
  using Transmit = std::function<std::optional<Bytes>(ByteView apdu)>;
  explicit Picc(Transmit transmit) : transmit_(std::move(transmit)) {}

  /// ATTRIB has selected the card. `reader_frame_size`: the largest frame the reader takes, in bytes.
  void activate(std::size_t reader_frame_size);
  [[nodiscard]] bool active() const { return active_; }
  void power_off() { active_ = silent_ = false; }
  /// Before each answer to an APDU the card asks this often for more time, for `multiplier` waiting times.
  void ask_for_time(int times, std::uint8_t multiplier) {
    requests_for_time_ = times;
    multiplier_ = multiplier;
  }

  /// The same, as many times as `how_often` says of each APDU, for one waiting time each.
  void ask_for_time(std::function<int(ByteView apdu)> how_often) {
    how_often_ = std::move(how_often);
    multiplier_ = 1;
  }

  /// The card's block in answer to one; nothing where the standard lets a card stay silent (an erroneous
  /// block, 7.5.5) or the application has.
  [[nodiscard]] std::optional<Bytes> answer(ByteView block);

 private:
  std::optional<Bytes> take_piece(const contract::RfBlock& block);
  std::optional<Bytes> take_acknowledge(const contract::RfBlock& block);
  std::optional<Bytes> next_request_for_time_or_answer();
  std::optional<Bytes> next_piece();
  Bytes send(contract::RfBlock block);

  Transmit transmit_;
  std::function<int(ByteView)> how_often_;
  int requests_for_time_ = 0;
  std::uint8_t multiplier_ = 1;

  bool active_ = false;
  bool silent_ = false;
  std::size_t frame_size_ = 256;
  std::uint8_t number_ = 1;  ///< rule C
  Bytes command_;            ///< pieces so far
  Bytes response_;
  std::size_t sent_ = 0;  ///< of the response
  int time_left_to_ask_ = 0;
  bool waiting_for_time_ = false;
  Bytes last_;  ///< block sent last, for rule 11
};

}  // namespace shogo::sim
