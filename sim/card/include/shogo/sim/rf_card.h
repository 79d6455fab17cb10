// What an antenna needs of a card.
#pragma once

#include <shogo/contract/rf_exchange.h>

namespace shogo::sim {

/// Called from the antenna's thread, one call at a time.
class RfCard {
 public:
  virtual ~RfCard() = default;
  [[nodiscard]] virtual contract::Atqb atqb() const = 0;
  /// Whether it answers REQB at all: a FeliCa card lies in the field and never hears a Type B reader.
  [[nodiscard]] virtual bool is_type_b() const { return true; }
  virtual Bytes transmit(ByteView command) = 0;
  /// Field lost or reset: security status and selection are gone, counters stay.
  virtual void power_off() = 0;
};

}  // namespace shogo::sim
