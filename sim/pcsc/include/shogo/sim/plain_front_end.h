// PlainFrontEnd: the shortest way from a card to pcscd, for people who only want a card. In a conformance run
// the device's own front end stands here instead, because 1-8 judges that one.
// Presents the card from construction to destruction; calls the card from a thread of its own.
#pragma once

#include <cstdint>
#include <memory>

#include <shogo/sim/rf_card.h>

namespace shogo::sim {

class PlainFrontEnd {
 public:
  /// `port` of a PrivatePcscd::Reader. The card must outlive the front end. When the driver closes the
  /// connection the card is gone, as if taken away.
  /// A TimedCard takes its time of the machine's clock, because pcscd keeps its own.
  static Result<std::unique_ptr<PlainFrontEnd>> present(std::uint16_t port, RfCard& card);
  ~PlainFrontEnd();
  PlainFrontEnd(const PlainFrontEnd&) = delete;
  PlainFrontEnd& operator=(const PlainFrontEnd&) = delete;

 private:
  PlainFrontEnd();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
