// Invents people for `shogo card issue`. Nobody of them exists: surnames and places are made up, and the
// security code and PINs protect nothing.
#include <array>

#include <fmt/core.h>

#include <shogo/base/rng.h>
#include <shogo/sim/card_issuer.h>

namespace shogo::sim {
namespace {

/// 髙 (U+9AD9), 﨑 (U+FA11), 𠮷 (U+20BB7, four bytes), 邉 with variation selector U+E0102: what real
/// registers have.
constexpr std::array kSurnames = {"架空", "合成", "試験", "模擬", "髙架", "﨑空", "𠮷合", "渡邉\U000E0102成"};
constexpr std::array kGivenNames = {"一郎", "花子", "照", "合子", "試郎", "凜\U000E0100", "璃々杏", "ゑい"};
constexpr std::array kForeignNames = {
    "SYNTHETICA MAXIMILIANA ALEXANDRIA VON BEISPIELHAUSEN-MUSTERFRAU DE LA PRUEBA", "EXEMPLE JEAN-BAPTISTE",
    "SAMPLE O'TEST", "PEREKLADENKO TESTYNA"};
constexpr std::array kStreets = {"合成町", "架空町", "模擬台", "試験が丘"};

template <typename Row>
auto pick(Rng& rng, const Row& row) {
  return row[static_cast<std::size_t>(rng.below(row.size()))];
}

std::string full_width(std::uint64_t number) {
  std::string out;
  for (const char c : fmt::format("{}", number)) {
    out += "\xEF\xBC";  // ０ is U+FF10
    out += static_cast<char>(0x90 + (c - '0'));
  }
  return out;
}

/// YYYYMMDD, the day from 1 to 28 so that it exists in every month.
std::string birth_date(Rng& rng, int first_year, int last_year) {
  const auto year = static_cast<std::uint64_t>(first_year) +
                    rng.below(static_cast<std::uint64_t>(last_year - first_year + 1));
  return fmt::format("{:04}{:02}{:02}", year, 1 + rng.below(12), 1 + rng.below(28));
}

Secret secret_of(std::string text) {
  return Secret::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

Result<CardOrder> order_for(const std::string& profile, std::uint64_t seed, Nanoseconds today) {
  SHOGO_TRY(const auto document, find_card_profile(profile));
  SHOGO_TRY(const CardProfile rules, read_card_profile(document, profile));
  const int year = std::stoi(format_jst(today).substr(0, 4));
  Rng rng(seed, "person");
  CardOrder order;
  CardPerson& person = order.person;
  person.key = fmt::format("person.{}", seed);
  person.sex = rng.below(2) == 0 ? '1' : '2';
  const bool foreign = rules.issue.holder == IssueRules::Holder::kForeign;
  const bool child = rules.issue.holder == IssueRules::Holder::kChild;
  person.name = foreign ? std::string(pick(rng, kForeignNames))
                        : fmt::format("{}\u3000{}", pick(rng, kSurnames), pick(rng, kGivenNames));
  person.address =
      fmt::format("架空県試験市{}{}丁目{}番{}号", pick(rng, kStreets), full_width(1 + rng.below(9)),
                  full_width(1 + rng.below(40)), full_width(1 + rng.below(30)));
  person.birth_date = child ? birth_date(rng, year - 12, year - 3) : birth_date(rng, 1935, year - 19);
  person.birth_calendar = foreign ? BirthCalendar::kGregorian : BirthCalendar::kEra;
  order.auth_pin = secret_of("1234");
  order.signature_password = secret_of("SHOGO1234");
  // A card lives to the tenth birthday after its issue, a child's to the fifth.
  order.expiry_date = fmt::format("{:04}{}", year + (child ? 3 : 8), person.birth_date.substr(4));
  order.security_code = fmt::format("{:04}", rng.below(10'000));
  order.serial = 0x9000'0000 + 2 * (seed % 0x3000'0000);
  order.today = today;
  order.profile = profile;
  return order;
}

}  // namespace shogo::sim
