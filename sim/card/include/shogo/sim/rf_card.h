// What an antenna needs of a card.
#pragma once

#include <shogo/contract/rf_exchange.h>

namespace shogo::sim {

/// Called from the antenna's thread, one call at a time.
class RfCard {
 public:
  virtual ~RfCard() = default;
  [[nodiscard]] virtual contract::Atqb atqb() const = 0;
  virtual Bytes transmit(ByteView command) = 0;
  /// Field lost or reset: security status and selection are gone, counters stay.
  virtual void power_off() = 0;
};

}  // namespace shogo::sim
