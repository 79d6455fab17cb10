// 照合番号B, number B: the 14 digits printed in pieces on the card face that open the chip's face data
// (requirement 3-8): birth date YYMMDD, year of expiry, security code.
#pragma once

#include <string>
#include <string_view>

#include <shogo/base/result.h>
#include <shogo/base/secret.h>

namespace shogo::sim {

/// The calendar in which a card prints the birth date. Japanese nationals: the era year (昭和55年 -> 55, 元年
/// -> 01). Foreign residents: the Gregorian year (*assumed* from the wording of 3-8; not confirmed on a
/// card).
enum class BirthCalendar { kEra, kGregorian };

/// "19800217" -> "550217" (era) or "800217" (Gregorian). Eras from Meiji (1868-10-23) on.
[[nodiscard]] Result<std::string> birth_digits(std::string_view birth_date, BirthCalendar calendar);

/// birth_date and expiry_date YYYYMMDD, security_code 4 digits.
[[nodiscard]] Result<Secret> number_b(std::string_view birth_date, BirthCalendar calendar,
                                      std::string_view expiry_date, std::string_view security_code);

}  // namespace shogo::sim
