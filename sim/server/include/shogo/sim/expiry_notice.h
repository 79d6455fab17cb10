// Whether a certificate's end is near, or a short while past. Public leaflets say that readers remind from
// three months before the end, and that the card stays usable for eligibility for three months after it; how
// the real system tells a reader is not public, so the words here are *synthetic*. Pure.
#pragma once

#include <string_view>

#include <shogo/base/clock.h>

namespace shogo::sim {

enum class ExpiryNotice { kNone, kExpiresSoon, kGrace, kOver };
[[nodiscard]] std::string_view to_string(ExpiryNotice notice);

/// `valid_until` is the last moment of validity; both are civil time since the epoch. Months are calendar
/// months of Japan: the reminder for an end on 31 May begins on 28 (29) February.
[[nodiscard]] ExpiryNotice expiry_notice(Nanoseconds valid_until, Nanoseconds now);

}  // namespace shogo::sim
