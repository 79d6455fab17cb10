#include "people.h"

#include <array>

#include <fmt/core.h>

#include <shogo/base/rng.h>

namespace shogo::sim {
namespace {

constexpr const char* kFarEnd = "2030-05-31";
// Against the day on which the scenario plays (2026-04-01): ended more than three months before, ended within
// three months, about to end.
constexpr const char* kPastEnd = "2025-12-15";
constexpr const char* kGraceEnd = "2026-02-28";
constexpr const char* kSoonEnd = "2026-05-31";

constexpr std::array<PatientSpec, 15> kPatients{{
    {Patient::kValid, "valid", "架空　一郎", "架空県試験市有効町１丁目２番３号", "19800217", '1', "2285",
     PersonState::kEligible, kFarEnd, false},
    {Patient::kWrongPin, "wrong_pin", "架空　誤子", "架空県試験市番号町２丁目１番", "19751103", '2', "4410",
     PersonState::kEligible, kFarEnd, false},
    {Patient::kLocked, "locked", "架空　錠", "架空県試験市閉塞町３番地", "19631224", '1', "7031",
     PersonState::kEligible, kFarEnd, true},
    {Patient::kExpired, "expired", "架空　期一", "架空県試験市満了町４番地", "19490505", '1', "1509",
     PersonState::kEligible, kPastEnd, false},
    {Patient::kRevoked, "revoked", "架空　失子", "架空県試験市失効町５番地", "19920730", '2', "8846",
     PersonState::kEligible, kFarEnd, false, "standard", BirthCalendar::kEra, true},
    {Patient::kNotRegistered, "not_registered", "架空　初", "架空県試験市未登録町６番地", "20010101", '2',
     "3017", PersonState::kNotRegistered, kFarEnd, false},
    {Patient::kSuspended, "suspended", "架空　止", "架空県試験市停止町７番地", "19880808", '1', "6622",
     PersonState::kSuspended, kFarEnd, false},
    {Patient::kFaceCard, "face_card", "架空　顔子", "架空県試験市顔認証町８丁目", "19370412", '2', "1944",
     PersonState::kEligible, kFarEnd, false, "face-authentication"},
    {Patient::kResidence, "residence", "SYNTHETICA EXEMPLE", "架空県試験市在留町９番地", "19860915", '1',
     "7752", PersonState::kEligible, kFarEnd, false, "residence-integrated", BirthCalendar::kGregorian},
    {Patient::kCanary, "canary", "鷹觜　璃々杏", "架空県試験市照合町９丁目８番７号", "19580629", '2', "5487",
     PersonState::kEligible, kFarEnd, false},
    {Patient::kExpiresSoon, "expires_soon", "架空　近", "架空県試験市期限町８番地", "19700915", '1', "4168",
     PersonState::kEligible, kSoonEnd, false},
    {Patient::kGrace, "grace", "架空　猶予", "架空県試験市猶予町９番地", "19550303", '2', "9073",
     PersonState::kEligible, kGraceEnd, false},
    {Patient::kAndroid, "android", "架空　電話一", "架空県試験市携帯町１番地", "19950120", '1', "3390",
     PersonState::kEligible, kFarEnd, false, "phone-android"},
    {Patient::kIphone, "iphone", "架空　電話二", "架空県試験市携帯町２番地", "19960221", '2', "4481",
     PersonState::kEligible, kFarEnd, false, "phone-iphone"},
    {Patient::kNextCard, "next_card", "架空　次期", "架空県試験市次期町１番地", "19901010", '1', "5572",
     PersonState::kEligible, kFarEnd, false, "next-generation"},
}};

}  // namespace

std::string_view to_string(Patient patient) {
  return spec_of(patient).key;
}

const PatientSpec& spec_of(Patient patient) {
  for (const PatientSpec& spec : kPatients) {
    if (spec.patient == patient) return spec;
  }
  return kPatients.front();
}

std::vector<Paper> papers_for(const PatientSpec& spec, std::uint64_t seed) {
  constexpr std::array kSubsidies{"架空県　こども医療費受給者証", "架空市　ひとり親家庭等医療費受給者証",
                                  "架空県　重度障害者医療費受給者証", "架空町　乳幼児医療費受給者証"};
  constexpr std::array kInstitutions{"架空みなと病院", "架空つばき医院", "架空やまびこクリニック",
                                     "架空わかば診療所", "架空しらかば医療センター"};
  constexpr std::array kDepartments{"内科", "整形外科", "眼科", "皮膚科", "耳鼻咽喉科", "循環器内科"};
  Rng rng(seed, fmt::format("papers.{}", spec.key));
  const auto one_of = [&](const auto& list) { return std::string(list[rng.below(list.size())]); };
  std::vector<Paper> papers{{PaperKind::kSubsidy, one_of(kSubsidies)}};
  for (const PaperKind kind : {PaperKind::kPrescription, PaperKind::kReferral}) {
    const std::string institution = one_of(kInstitutions);
    papers.push_back({kind, institution + "　" + one_of(kDepartments)});
  }
  return papers;
}

Secret pin_for(const PatientSpec& spec, std::uint64_t seed) {
  Rng rng(seed, fmt::format("pin.{}", spec.key));
  std::uint64_t number = 0;
  do {
    number = rng.below(10'000);
  } while (number >= 1900 && number < 2100);
  Secret pin(4);
  for (const std::uint64_t place : {1000U, 100U, 10U, 1U})
    pin.push_back(static_cast<std::uint8_t>('0' + number / place % 10));
  return pin;
}

}  // namespace shogo::sim
