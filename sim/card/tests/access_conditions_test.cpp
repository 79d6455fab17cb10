// Every built-in profile: every file, key and data object against every set of shown secrets. The engine must
// grant exactly what the profile says. The oracle below is written from the profile alone.
#include "test_card.h"
#include <map>
#include <set>

#include <fmt/core.h>

namespace shogo::sim {
namespace {

// These stand for the holder's consent and for a proven terminal in a set of secrets.
constexpr std::uint16_t kHolder = 0xFFFF, kTerminal = 0xFFFE;

class AccessConditions : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto order = order_for(GetParam(), 7, parse_jst("2026-04-01"));
    ASSERT_TRUE(order.ok()) << order.error().describe();
    auto prepared = test_issuer().prepare(*order);
    ASSERT_TRUE(prepared.ok()) << prepared.error().describe();
    for (const auto& [name, value] : prepared->contents.secrets) values_[name] = to_hex(value.expose());
    auto profile = read_card_profile(prepared->profile, GetParam());
    ASSERT_TRUE(profile.ok()) << profile.error().describe();
    auto card = VirtualCard::create(*profile, std::move(prepared->contents), 1);
    ASSERT_TRUE(card.ok()) << card.error().describe();
    card_ = std::move(card).value();
  }
  const CardProfile& profile() { return card_->profile(); }
  std::string send(std::string_view hex) { return to_hex(card_->transmit(from_hex(hex).value())); }
  std::string status(std::string_view hex) {
    const std::string answer = send(hex);
    return answer.substr(answer.size() - 4);
  }
  void select(const CardApplication& application) {
    ASSERT_EQ(send(fmt::format("00A4040C{:02X}{}", application.aid.size(), to_hex(application.aid))), "9000");
  }
  static bool expected(const AccessRule& rule, const std::set<std::uint16_t>& shown) {
    if (rule.kind != AccessRule::Kind::kAnyOf) return rule.kind == AccessRule::Kind::kFree;
    if (rule.by_holder && shown.contains(kHolder)) return true;
    if (rule.by_terminal && shown.contains(kTerminal)) return true;
    return std::any_of(rule.secrets.begin(), rule.secrets.end(),
                       [&](std::uint16_t id) { return shown.contains(id); });
  }
  std::string verify(const CardPin& pin) {
    const std::string& value = values_.at(pin.secret);
    return send(fmt::format("002000{:02X}{:02X}{}", 0x80 | pin.id, value.size() / 2, value));
  }
  void expect_exactly_the_profile(const CardApplication& application, const std::set<std::uint16_t>& shown) {
    for (const CardFile& file : application.files) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", file.id)), "9000");
      const bool records = file.form == CardFile::Form::kRecords;
      EXPECT_EQ(status(records ? "00B2010400" : "00B0000001"), expected(file.read, shown) ? "9000" : "6982")
          << application.name << " file " << file.id;
      EXPECT_EQ(status(records ? "00B0000001" : "00B2010400"), "6981") << "read in the other file's way";
    }
    for (const CardKey& key : application.keys) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", key.id)), "9000");
      const bool signs = key.purpose == CardKey::Purpose::kSign;
      EXPECT_EQ(status(signs ? "802A0380010100" : "00880080010100"),
                expected(key.use, shown) ? "9000" : "6982")
          << application.name << " key " << key.id;
      if (expected(key.use, shown)) {
        EXPECT_EQ(status(signs ? "00880080010100" : "802A0380010100"), "6985") << "not its purpose";
      }
      EXPECT_EQ(status("00B0000001"), "6981") << "a key must not be readable";
    }
    for (const CardPin& pin : application.pins) {
      ASSERT_EQ(send(fmt::format("00A4020C02{:04X}", pin.id)), "9000");
      EXPECT_EQ(status("00B0000001"), "6981") << "a PIN must not be readable";
      EXPECT_EQ(status("802A0080010100"), "6981") << "a PIN must not sign";
    }
  }
  std::unique_ptr<VirtualCard> card_;
  std::map<std::string, std::string> values_;  ///< in hex
};

TEST_P(AccessConditions, everything_opens_with_exactly_what_the_profile_says_for_every_set_of_secrets) {
  for (const CardApplication& application : profile().applications) {
    std::vector<const CardPin*> usable;
    for (const CardPin& pin : application.pins)
      if (pin.tries_left > 0) usable.push_back(&pin);
    const unsigned ways = application.terminal_certifier.empty() ? 2U : 4U;
    for (unsigned subset = 0; subset < ways << usable.size(); ++subset) {
      card_->power_off();
      select(application);
      std::set<std::uint16_t> shown;
      for (std::size_t i = 0; i < usable.size(); ++i) {
        if ((subset >> i & 1U) == 0) continue;
        ASSERT_EQ(verify(*usable[i]), "9000");
        shown.insert(usable[i]->id);
      }
      const bool consent = (subset >> usable.size() & 1U) != 0;
      card_->set_holder_consent(consent);
      if (consent) shown.insert(kHolder);
      if ((subset >> usable.size() >> 1 & 1U) != 0) {
        ASSERT_EQ(prove_terminal(*card_, test_terminal()), "9000");
        shown.insert(kTerminal);
      }
      expect_exactly_the_profile(application, shown);
    }
  }
}

TEST_P(AccessConditions, nothing_stays_open_after_power_off_another_application_or_the_issuer_domain) {
  const std::string domain =
      fmt::format("00A4040C{:02X}{}", profile().issuer_domain.size(), to_hex(profile().issuer_domain));
  for (const CardApplication& application : profile().applications) {
    for (const std::string_view way : {"power", "application", "domain", "00A4040000"}) {
      if (way == "domain" && profile().issuer_domain.empty()) continue;
      if (way == "application" && profile().applications.size() == 1) continue;
      card_->power_off();
      select(application);
      for (const CardPin& pin : application.pins) {
        if (pin.tries_left > 0) {
          ASSERT_EQ(verify(pin), "9000");
        }
      }
      if (!application.terminal_certifier.empty()) {
        ASSERT_EQ(prove_terminal(*card_, test_terminal()), "9000");
      }
      if (way == "power") {
        card_->power_off();
      } else if (way == "application") {
        for (const CardApplication& other : profile().applications)
          if (&other != &application) select(other);
      } else {
        ASSERT_EQ(send(way == "domain" ? std::string_view(domain) : way), "9000");
      }
      for (const PinStatus& pin : card_->pins()) EXPECT_FALSE(pin.verified) << way;
      select(application);
      expect_exactly_the_profile(application, {});
    }
  }
}

TEST_P(AccessConditions, a_blocked_secret_opens_nothing_even_with_the_right_value) {
  for (const CardApplication& application : profile().applications) {
    for (const CardPin& pin : application.pins) {
      card_->power_off();
      select(application);
      for (int left = pin.tries_left - 1; left >= 0; --left)
        EXPECT_EQ(send(fmt::format("002000{:02X}0130", 0x80 | pin.id)), fmt::format("63C{:X}", left));
      EXPECT_EQ(verify(pin), "6984");
      EXPECT_EQ(send(fmt::format("002000{:02X}", 0x80 | pin.id)), "63C0");
      card_->power_off();
      select(application);
      EXPECT_EQ(send(fmt::format("002000{:02X}", 0x80 | pin.id)), "63C0") << "counters must outlive power";
      EXPECT_EQ(card_->tries_left(application.name, pin.id), 0);
      expect_exactly_the_profile(application, {});
    }
  }
  card_->refill_all_tries();
  for (const CardApplication& application : profile().applications)
    for (const CardPin& pin : application.pins)
      EXPECT_EQ(card_->tries_left(application.name, pin.id), pin.tries_left) << "as on the day of issue";
}

TEST_P(AccessConditions, data_objects_answer_at_card_level_and_inside_only_where_the_profile_says) {
  const auto get = [&](const DataObject& object) {
    return status(fmt::format("00CA{:04X}000000", object.tag));
  };
  for (const DataObject& object : profile().data_objects) {
    card_->power_off();
    EXPECT_EQ(get(object), "9000") << object.content;
    for (const CardApplication& application : profile().applications) {
      select(application);
      EXPECT_EQ(get(object), object.everywhere ? "9000" : "6A88") << object.content;
    }
  }
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}
std::vector<std::string> profiles_with_rules() {
  std::vector<std::string> names = builtin_card_profiles();
  std::erase(names, "garbage");  // noise has no rules
  return names;
}
INSTANTIATE_TEST_SUITE_P(Profiles, AccessConditions, ::testing::ValuesIn(profiles_with_rules()), test_name);

class StandardCard : public CardTest {};

TEST_F(StandardCard, a_wrong_attempt_closes_what_a_right_one_had_opened) {
  select_jpki();
  ASSERT_EQ(send(kVerifyAuthPin), "9000");
  ASSERT_EQ(status("802A0097010100"), "9000");
  ASSERT_EQ(send(kVerifyWrongPin), "63C2");
  EXPECT_EQ(status("802A0097010100"), "6982");
}

TEST(GarbageCard, answers_every_command_with_noise_that_is_never_shorter_than_a_status_word) {
  auto issued = test_issuer().issue(std::move(order_for("garbage", 1, parse_jst("2026-04-01"))).value());
  ASSERT_TRUE(issued.ok());
  std::set<std::string> answers;
  for (int i = 0; i < 50; ++i) {
    const Bytes answer = issued->card->transmit("00A4040C0AD392F000260100000001"_hex);
    EXPECT_GE(answer.size(), 2U);
    answers.insert(to_hex(answer));
  }
  EXPECT_GT(answers.size(), 45U);
}

}  // namespace
}  // namespace shogo::sim
