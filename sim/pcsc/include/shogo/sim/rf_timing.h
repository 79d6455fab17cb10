// How long a card and the air between it and the reader take. Off unless somebody asks for it: a bench is in
// a hurry, and a real card answers some ten commands a second where the virtual one answers thousands.
//
// The air is ISO/IEC 14443: bits, characters, start and end of a frame, the pauses around it. What the chip
// needs for a command is *synthetic*: nobody has published it for My Number cards.
#pragma once

#include <cstddef>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/sim/rf_card.h>

namespace shogo::sim {

struct RfTiming {
  int kbit_per_s = 106;  ///< both directions: 106, 212, 424 or 848
  /// The chip's own time (*synthetic*), without the air.
  Nanoseconds any_command{milliseconds{2}};
  Nanoseconds memory_write{milliseconds{6}};   ///< VERIFY and its kin write the counter before they look
  Nanoseconds private_key{milliseconds{170}};  ///< signature, authentication, a session key's decryption
  Nanoseconds public_key{milliseconds{15}};    ///< a certificate's or a terminal's signature
  Nanoseconds per_256_bytes{milliseconds{1}};  ///< read from the chip's memory

  /// Type B (14443-2, 9; 14443-3, 7.1): a frame of so many bytes, CRC included, on its way.
  [[nodiscard]] Nanoseconds frame(std::size_t bytes) const;
  /// One frame there and one back, with the pauses before each (14443-3, 7.10.3: TR0, TR1, frame delay).
  [[nodiscard]] Nanoseconds exchange(std::size_t there, std::size_t back) const;
  /// What the chip does between them for this command and answer.
  [[nodiscard]] Nanoseconds work(ByteView command, std::size_t answer) const;
  /// A whole APDU over blocks of at most `frame_size` bytes, as seen by a reader that loses none.
  [[nodiscard]] Nanoseconds apdu(ByteView command, std::size_t answer, std::size_t frame_size) const;
};

/// kInvalid for a rate that ISO/IEC 14443 does not have.
[[nodiscard]] Result<RfTiming> rf_timing(int kbit_per_s);

/// The same card, on an antenna or a front end that lets it take its time: on the antenna's clock in blocks
/// and with requests for more time, at a plain front end for whole commands.
class TimedCard final : public RfCard {
 public:
  /// `card` outlives this.
  TimedCard(RfCard& card, const RfTiming& timing) : card_(card), timing_(timing) {}
  [[nodiscard]] const RfTiming& timing() const { return timing_; }

  [[nodiscard]] contract::Atqb atqb() const override { return card_.atqb(); }
  [[nodiscard]] bool is_type_b() const override { return card_.is_type_b(); }
  Bytes transmit(ByteView command) override { return card_.transmit(command); }
  void power_off() override { card_.power_off(); }

 private:
  RfCard& card_;
  RfTiming timing_;
};

}  // namespace shogo::sim
