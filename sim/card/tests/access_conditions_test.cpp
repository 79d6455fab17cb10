// Every file and key of the profile against every set of verified secrets: the engine must grant exactly what
// the profile says. The oracle below is written from the profile alone.
#include "test_card.h"
#include <set>

#include <fmt/core.h>

namespace shogo::sim {
namespace {

const std::map<std::pair<std::string, std::uint16_t>, std::string>& secrets() {
  static const std::map<std::pair<std::string, std::uint16_t>, std::string> table = {
      {{"jpki", 0x0018}, "31323334"},
      {{"jpki", 0x001B}, "53484F474F31323334"},
      {{"visual", 0x0011}, "353530323137"},
      {{"visual", 0x0012}, "3535303231373230333532323835"},
  };
  return table;
}

class AccessConditions : public CardTest {
 protected:
  void select(const CardApplication& application) {
    ASSERT_EQ(send(fmt::format("00A4040C{:02X}{}", application.aid.size(), to_hex(application.aid))), "9000");
  }
  bool expected(const AccessRule& rule, const std::set<std::uint16_t>& shown) {
    if (rule.kind != AccessRule::Kind::kAnyOf) return rule.kind == AccessRule::Kind::kFree;
    for (const std::uint16_t id : rule.secrets)
      if (shown.contains(id)) return true;
    return false;
  }
  void show(const CardApplication& application, std::uint16_t id) {
    const std::string& value = secrets().at({application.name, id});
    ASSERT_EQ(send(fmt::format("002000{:02X}{:02X}{}", 0x80 | id, value.size() / 2, value)), "9000");
  }
  void expect_exactly_the_profile(const CardApplication& application, const std::set<std::uint16_t>& shown) {
    for (const CardFile& file : application.files) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", file.id)), "9000");
      EXPECT_EQ(status("00B0000001"), expected(file.read, shown) ? "9000" : "6982")
          << application.name << " file " << file.id;
    }
    for (const CardKey& key : application.keys) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", key.id)), "9000");
      EXPECT_EQ(status("802A00800101"
                       "00"),
                expected(key.use, shown) ? "9000" : "6982")
          << application.name << " key " << key.id;
      EXPECT_EQ(status("00B0000001"), "6981") << "a key must not be readable";
    }
    for (const CardPin& pin : application.pins) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", pin.id)), "9000");
      EXPECT_EQ(status("00B0000001"), "6981") << "a PIN must not be readable";
      EXPECT_EQ(status("802A0080010100"), "6981") << "a PIN must not sign";
    }
  }
};

TEST_F(AccessConditions,
       every_file_and_key_opens_with_exactly_what_the_profile_says_for_every_set_of_secrets) {
  for (const CardApplication& application : card_->profile().applications) {
    std::vector<std::uint16_t> known;
    for (const CardPin& pin : application.pins)
      if (secrets().contains({application.name, pin.id})) known.push_back(pin.id);
    ASSERT_FALSE(known.empty());
    for (unsigned subset = 0; subset < 1U << known.size(); ++subset) {
      card_->power_off();
      select(application);
      std::set<std::uint16_t> shown;
      for (std::size_t i = 0; i < known.size(); ++i) {
        if ((subset >> i & 1U) == 0) continue;
        show(application, known[i]);
        shown.insert(known[i]);
      }
      expect_exactly_the_profile(application, shown);
    }
  }
}

TEST_F(AccessConditions, nothing_stays_open_after_power_off_another_application_or_the_issuer_domain) {
  const char* const kWaysOut[] = {"power", "application", "00A4040C07A0000001510000", "00A4040000"};
  for (const CardApplication& application : card_->profile().applications) {
    for (const std::string_view way : kWaysOut) {
      card_->power_off();
      select(application);
      for (const CardPin& pin : application.pins)
        if (secrets().contains({application.name, pin.id})) show(application, pin.id);
      if (way == "power") {
        card_->power_off();
      } else if (way == "application") {
        for (const CardApplication& other : card_->profile().applications)
          if (&other != &application) select(other);
      } else {
        ASSERT_EQ(send(way), "9000");
      }
      for (const PinStatus& pin : card_->pins()) EXPECT_FALSE(pin.verified) << way;
      select(application);
      expect_exactly_the_profile(application, {});
    }
  }
}

TEST_F(AccessConditions, a_wrong_attempt_closes_what_a_right_one_had_opened) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  ASSERT_EQ(status("802A0097010100"), "9000");
  ASSERT_EQ(send(kVerifyWrongPin), "63C2");
  EXPECT_EQ(status("802A0097010100"), "6982");
}

TEST_F(AccessConditions, a_blocked_secret_opens_nothing_even_with_the_right_value) {
  for (const CardApplication& application : card_->profile().applications) {
    for (const CardPin& pin : application.pins) {
      if (!secrets().contains({application.name, pin.id})) continue;
      card_->power_off();
      select(application);
      for (int left = pin.tries - 1; left >= 0; --left)
        EXPECT_EQ(send(fmt::format("002000{:02X}0130", 0x80 | pin.id)), fmt::format("63C{:X}", left));
      const std::string& value = secrets().at({application.name, pin.id});
      EXPECT_EQ(send(fmt::format("002000{:02X}{:02X}{}", 0x80 | pin.id, value.size() / 2, value)), "6984");
      EXPECT_EQ(send(fmt::format("002000{:02X}", 0x80 | pin.id)), "63C0");
      card_->power_off();
      select(application);
      EXPECT_EQ(send(fmt::format("002000{:02X}", 0x80 | pin.id)), "63C0") << "counters must outlive power";
      EXPECT_EQ(card_->tries_left(application.name, pin.id), 0);
      expect_exactly_the_profile(application, {});
    }
  }
}

}  // namespace
}  // namespace shogo::sim
