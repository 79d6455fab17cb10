// The reader's contactless front end (1-8): looks for a Type B card, activates it, presents it to pcscd and
// carries APDUs until the card leaves. One thread; run() returns when `stop_fd` becomes readable.
//
//   searching ──REQB/ATQB, ATTRIB──► presenting ──no card, silence, garbage, lost antenna──► searching
//
// A card that stays silent longer than the frame waiting time, after repetitions, counts as gone: the slot is
// freed, so that no PC/SC client hangs on it. Of two cards laid down together none is taken: whose it is must
// be the patient's decision, not chance. A card laid beside one in use is not looked at until that one has
// left.
#pragma once

#include "block_link.h"
#include "rf_link.h"
#include "vpcd_slot.h"
#include <cstdint>
#include <filesystem>

#include <shogo/base/log.h>

namespace shogo::reference {

struct FrontEndOptions {
  std::filesystem::path rf_socket;
  std::uint16_t vpcd_port = 0;
  milliseconds polling_interval{100};      ///< between two looks for a card, or at a present one
  milliseconds request_waiting_time{500};  ///< for REQB and ATTRIB
  BlockLimits blocks = {};
  /// How long the slot stays empty after a card: pcscd polls every 400 ms and, when a failed reset has
  /// already made it believe in an empty slot, never powers a card that arrived between two polls.
  milliseconds empty_slot_time{600};
};

class FrontEnd {
 public:
  FrontEnd(FrontEndOptions options, Clock& clock, Log& log, int stop_fd)
      : options_(std::move(options)),
        clock_(clock),
        log_(log),
        stop_fd_(stop_fd),
        rf_(options_.rf_socket, clock, stop_fd),
        blocks_(rf_, clock, options_.blocks) {}
  void run();

 private:
  enum class Wait { kSlot, kAntenna, kTime, kStop };
  Wait wait(Nanoseconds limit);

  bool look_for_card();
  bool activate();
  void present();
  bool serve_slot();
  bool handle(ByteView frame);
  bool carry(ByteView apdu);
  bool power_cycle();
  /// Writes down once what keeps coming until something else does.
  void note_trouble(Literal what);
  [[nodiscard]] Bytes atr() const;

  FrontEndOptions options_;
  Clock& clock_;
  Log& log_;
  int stop_fd_;
  RfLink rf_;
  BlockLink blocks_;
  VpcdSlot slot_;
  contract::Atqb card_;
  bool stopped_ = false;
  std::string_view trouble_;
};

}  // namespace shogo::reference
