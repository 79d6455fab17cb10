#include <algorithm>

#include <fmt/core.h>

#include <shogo/sim/number_b.h>

namespace shogo::sim {
namespace {

struct Era {
  int first_day;   ///< YYYYMMDD; the day of change belongs to the new era
  int first_year;  ///< Gregorian year that is its year 1
};
constexpr Era kEras[] = {
    {20190501, 2019}, {19890108, 1989}, {19261225, 1926}, {19120730, 1912}, {18681023, 1868}};

bool digits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool calendar_date(std::string_view text) {
  if (!digits(text, 8)) return false;
  const int year = std::stoi(std::string(text.substr(0, 4)));
  const int month = std::stoi(std::string(text.substr(4, 2)));
  const int day = std::stoi(std::string(text.substr(6, 2)));
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int days[] = {31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

}  // namespace

Result<std::string> birth_digits(std::string_view birth_date, BirthCalendar calendar) {
  if (!calendar_date(birth_date))
    return Error{Code::kInvalid, "a birth date is YYYYMMDD of a day that exists"};
  const std::string month_day(birth_date.substr(4));
  if (calendar == BirthCalendar::kGregorian) return std::string(birth_date.substr(2, 2)) + month_day;
  const int date = std::stoi(std::string(birth_date));
  for (const Era& era : kEras) {
    if (date >= era.first_day) return fmt::format("{:02}{}", date / 10000 - era.first_year + 1, month_day);
  }
  return Error{Code::kInvalid, "a birth date before the Meiji era has no number B"};
}

Result<Secret> number_b(std::string_view birth_date, BirthCalendar calendar, std::string_view expiry_date,
                        std::string_view security_code) {
  if (!calendar_date(expiry_date))
    return Error{Code::kInvalid, "an expiry date is YYYYMMDD of a day that exists"};
  if (!digits(security_code, 4)) return Error{Code::kInvalid, "a security code has 4 digits"};
  SHOGO_TRY(std::string text, birth_digits(birth_date, calendar));
  text += expiry_date.substr(0, 4);
  text += security_code;
  return Secret::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

}  // namespace shogo::sim
