// Antenna: the place on which cards are put. It serves the card side of the RF exchange
// (contract/rf_exchange.h, rf_block.h) on a UNIX socket; a contactless front end — the reference reader's, or
// a transmitter in front of a vendor's device — connects to it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/sim/rf_card.h>

namespace shogo::sim {

enum class RfFault {
  kNone,
  kGarbage,        ///< every R-APDU is replaced by bytes that follow no specification
  kMute,           ///< is found and says that it is there, but falls silent at the first APDU
  kLeavesMidApdu,  ///< leaves the field instead of answering the third APDU
  kLosesBlocks,    ///< every fifth block is lost, in turns on its way to the card and back
  kGarblesBlocks,  ///< the same with a flipped bit instead
  kNeedsTime,      ///< asks twice for more time (S(WTX)) before it answers an APDU
};

class Antenna {
 public:
  /// With a `clock` virtual time waits until a question has been answered: whoever asked would else take a
  /// card that was slow, on a busy machine, for one that has gone. It must outlive the antenna.
  static Result<std::unique_ptr<Antenna>> open(const std::filesystem::path& socket, Clock* clock = nullptr);
  ~Antenna();
  Antenna(const Antenna&) = delete;
  Antenna& operator=(const Antenna&) = delete;

  [[nodiscard]] const std::string& socket() const;
  /// The card must stay alive until remove() has returned. Replaces what lies there.
  void place(RfCard& card, RfFault fault = RfFault::kNone);
  /// Lays a card beside those that lie there already.
  void add(RfCard& card);
  /// Two cards in one movement, as out of one wallet.
  void place_together(RfCard& one, RfCard& other);
  /// Takes every card away. Returns when no call into a card is under way.
  void remove();

 private:
  Antenna();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
