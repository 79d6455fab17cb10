#include <algorithm>
#include <ctime>

#include <shogo/sim/expiry_notice.h>

namespace shogo::sim {
namespace {

constexpr int kMonths = 3;
constexpr std::chrono::hours kJapan{9};

int days_in(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays[month] + (month == 1 && leap ? 1 : 0);
}

Nanoseconds add_months(Nanoseconds wall, int months) {
  using std::chrono::seconds;
  const auto local = std::chrono::floor<seconds>(wall + kJapan);
  const auto time = static_cast<std::time_t>(local.count());
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  const int month = parts.tm_year * 12 + parts.tm_mon + months;
  parts.tm_year = month / 12;
  parts.tm_mon = month % 12;
  parts.tm_mday = std::min(parts.tm_mday, days_in(parts.tm_year + 1900, parts.tm_mon));
  return seconds(::timegm(&parts)) - kJapan;
}

}  // namespace

std::string_view to_string(ExpiryNotice notice) {
  switch (notice) {
    case ExpiryNotice::kNone:
      return "none";
    case ExpiryNotice::kExpiresSoon:
      return "expires_soon";
    case ExpiryNotice::kGrace:
      return "grace";
    case ExpiryNotice::kOver:
      return "over";
  }
  return "none";
}

ExpiryNotice expiry_notice(Nanoseconds valid_until, Nanoseconds now) {
  if (now > add_months(valid_until, kMonths)) return ExpiryNotice::kOver;
  if (now > valid_until) return ExpiryNotice::kGrace;
  return now >= add_months(valid_until, -kMonths) ? ExpiryNotice::kExpiresSoon : ExpiryNotice::kNone;
}

}  // namespace shogo::sim
