// What the agent needs of a card reader: whether a card lies there, and one command after another. PC/SC in
// the product, a script in tests.
#pragma once

#include "card_profiles.h"
#include <functional>
#include <memory>
#include <string>

#include <shogo/base/bytes.h>
#include <shogo/base/result.h>

namespace shogo::agent {

/// One command, one response with status word. kUnavailable: the card left. kCorrupt: it answers nonsense.
using Transmit = std::function<Result<Bytes>(ByteView command)>;

class CardChannel {
 public:
  virtual ~CardChannel() = default;
  /// Runs `work` with exclusive use of the card that lies on the reader; kNotFound when there is none.
  virtual Result<void> with_card(const std::function<void(const Transmit&)>& work) = 0;
};

enum class CardKind { kNone, kMyNumber, kAndroid, kIphone, kOther, kUnreadable };

struct PinStatus {
  int tries_left = -1;  ///< -1: the card does not say
  bool locked = false;
};

/// Selects one application after another to find out what lies there; the token label of the one that
/// answers tells card and phones apart.
[[nodiscard]] CardKind identify(const Transmit& transmit, const CardProfiles& known = built_in_profiles());
/// Tries left on the authentication PIN, by a VERIFY without a body: it consumes none (ISO/IEC
/// 7816-4 11.5.6).
[[nodiscard]] Result<PinStatus> pin_status(const Transmit& transmit,
                                           const CardProfiles& known = built_in_profiles());

}  // namespace shogo::agent
