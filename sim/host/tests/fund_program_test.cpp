// The fund program over its C ABI, with a scripted card on one side and the real eligibility server on the
// other.
#include "bench_server.h"
#include <atomic>
#include <optional>
#include <thread>

#include <gmock/gmock.h>

#include <shogo/sim/card_issuer.h>

namespace shogo::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

TEST_F(BenchServer, success_sends_exactly_the_documented_commands_in_their_order) {
  ASSERT_EQ(pin_eligibility(), SHOGO_FUND_OK);
  ASSERT_GE(card.commands.size(), 8U);
  const std::vector<std::string> head(card.commands.begin(), card.commands.begin() + 8);
  EXPECT_THAT(head,
              ElementsAre("00A4040C0AD392F000260100000001", "00A4020C020018", "002000800431323334",
                          "00A4020C020017", StartsWith("802A0080333031300D060960864801650304020105000420"),
                          "00A4020C02000A", "00B0000004", "00B0000400"));
  EXPECT_STREQ(person.name, "合成　花子");
  EXPECT_STREQ(person.birth_date, "19800217");
  EXPECT_STREQ(person.reference, "SYN-00000001");
  const auto log = server->requests();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].path, "/v1/challenge");
  EXPECT_EQ(log[1].path, "/v1/eligibility");
  EXPECT_EQ(log[1].outcome, "eligible");
  EXPECT_EQ(log[1].certificate_serial, card.serial());
  EXPECT_TRUE(log[1].signature_ok);
}

TEST_F(BenchServer, papers_come_with_the_person_in_the_registers_order_and_are_gone_with_the_next_call) {
  std::string longest;
  while (longest.size() < 300) longest += "𠮷";
  ASSERT_TRUE(server
                  ->add_person({card.serial(),
                                "合成　花子",
                                "19800217",
                                PersonState::kEligible,
                                {{PaperKind::kReferral, "架空みなと病院　眼科"},
                                 {PaperKind::kSubsidy, longest},
                                 {PaperKind::kReferral, "架空\"つばき\"医院"}}})
                  .ok());
  ASSERT_EQ(pin_eligibility(), SHOGO_FUND_OK);
  ASSERT_EQ(person.paper_count, 3U);
  EXPECT_EQ(person.papers[0].kind, SHOGO_FUND_PAPER_REFERRAL);
  EXPECT_STREQ(person.papers[0].id, "referral-1");
  EXPECT_STREQ(person.papers[0].name, "架空みなと病院　眼科");
  EXPECT_EQ(person.papers[1].kind, SHOGO_FUND_PAPER_SUBSIDY);
  EXPECT_EQ(std::string(person.papers[1].name), longest.substr(0, 188)) << "cut between two characters";
  EXPECT_STREQ(person.papers[2].id, "referral-2");
  EXPECT_STREQ(person.papers[2].name, "架空\"つばき\"医院");
  EXPECT_EQ(pin_eligibility("9999"), SHOGO_FUND_WRONG_PIN);
  EXPECT_EQ(person.paper_count, 0U);
  EXPECT_STREQ(person.papers[0].name, "");
}

TEST_F(BenchServer, as_many_papers_as_there_may_be_of_every_kind_arrive) {
  std::vector<Paper> papers;
  for (const PaperKind kind : {PaperKind::kSubsidy, PaperKind::kPrescription, PaperKind::kReferral})
    papers.insert(papers.end(), kMostPapers, {kind, std::string(kLongestPaperName, '"')});
  const Person holder{card.serial(), "合成　花子", "19800217", PersonState::kEligible, papers};
  ASSERT_TRUE(server->add_person(holder).ok());
  ASSERT_EQ(pin_eligibility(), SHOGO_FUND_OK);
  EXPECT_EQ(person.paper_count, static_cast<std::uint32_t>(SHOGO_FUND_MAX_PAPERS));
  EXPECT_STREQ(person.papers[23].id, "referral-8");
}

TEST_F(BenchServer, a_wrong_pin_is_sent_once_and_the_server_hears_nothing) {
  EXPECT_EQ(pin_eligibility("9999"), SHOGO_FUND_WRONG_PIN);
  EXPECT_EQ(person.tries_left, 2);
  EXPECT_EQ(count("00200080"), 1U);
  EXPECT_TRUE(server->requests().empty());
  EXPECT_EQ(pin_eligibility("9999"), SHOGO_FUND_WRONG_PIN);
  EXPECT_EQ(person.tries_left, 1);
  EXPECT_EQ(pin_eligibility("9999"), SHOGO_FUND_PIN_LOCKED) << "63C0: the try that used them up";
  EXPECT_EQ(person.tries_left, 0);
  EXPECT_EQ(pin_eligibility("1234"), SHOGO_FUND_PIN_LOCKED) << "6984";
  EXPECT_EQ(count("00200080"), 4U);
}

// The bench must see at the card when a device sends an incomplete PIN (3-11): the program does not hide it.
TEST_F(BenchServer, a_pin_reaches_the_card_as_the_device_gives_it_but_never_an_empty_or_endless_one) {
  EXPECT_EQ(pin_eligibility("123"), SHOGO_FUND_WRONG_PIN);
  EXPECT_EQ(count("0020008003313233"), 1U);
  card.commands.clear();
  for (const char* pin : {"", "12345678901234567"})
    EXPECT_EQ(pin_eligibility(pin), SHOGO_FUND_UNSUPPORTED) << pin;
  EXPECT_TRUE(card.commands.empty());
}

TEST_F(BenchServer, every_state_of_a_person_has_its_own_status) {
  const std::pair<PersonState, shogo_fund_status> table[] = {
      {PersonState::kEligible, SHOGO_FUND_OK},
      {PersonState::kNotRegistered, SHOGO_FUND_NOT_REGISTERED},
      {PersonState::kSuspended, SHOGO_FUND_NOT_ELIGIBLE},
      {PersonState::kExpired, SHOGO_FUND_CERT_EXPIRED},
      {PersonState::kRevoked, SHOGO_FUND_CERT_REVOKED},
  };
  for (const auto& [state, status] : table) {
    person = {SHOGO_FUND_ABI_VERSION, 0, {}, {}, {}, 0, 0, {}};
    ASSERT_TRUE(server->set_state(card.serial(), state).ok());
    EXPECT_EQ(pin_eligibility(), status) << to_string(state);
    EXPECT_EQ(person.name[0] != '\0', status == SHOGO_FUND_OK) << to_string(state);
  }
}

TEST_F(BenchServer, an_expired_certificate_is_told_from_its_own_date) {
  card = ScriptedCard(issue("2019-02-17", "2024-02-17"));
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CERT_EXPIRED);
}

TEST_F(BenchServer, somebody_unknown_is_not_eligible) {
  card = ScriptedCard(
      TestTrust::get()
          .pki()
          .issue_user_authentication("taro", 0x77, {parse_jst("2024-01-01"), parse_jst("2029-01-01")})
          .value());
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_NOT_ELIGIBLE);
}

TEST_F(BenchServer, first_registration_makes_an_unregistered_person_eligible) {
  ASSERT_TRUE(server->set_state(card.serial(), PersonState::kNotRegistered).ok());
  open();
  const std::string pin = "1234";
  EXPECT_EQ(shogo_fund_pin_registration(fund, &ScriptedCard::transmit, &card,
                                        reinterpret_cast<const uint8_t*>(pin.data()), pin.size(), &person),
            SHOGO_FUND_OK);
  EXPECT_EQ(server->person(card.serial()).value()->state, PersonState::kEligible);
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_OK);
}

TEST_F(BenchServer, a_refused_and_a_closed_server_are_unreachable_and_both_come_back) {
  for (const ServerFault fault : {ServerFault::kRefused, ServerFault::kClosed}) {
    server->set_fault(fault);
    EXPECT_EQ(pin_eligibility(), SHOGO_FUND_SERVER_UNREACHABLE) << to_string(fault);
    EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_SERVER_UNREACHABLE) << to_string(fault);
    server->set_fault(ServerFault::kNone);
    EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_OK) << to_string(fault);
  }
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_OK);
}

TEST_F(BenchServer, a_slow_server_is_a_timeout) {
  server->set_fault(ServerFault::kSlow, milliseconds{3'600'000});
  open(300);
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_SERVER_TIMEOUT);
  EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_SERVER_TIMEOUT);
}

TEST_F(BenchServer, what_is_called_back_returns_at_once_and_the_next_operation_knows_nothing_of_it) {
  open(60'000);
  shogo_fund_cancel(fund);
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_OK) << "it counts for no operation that starts later";
  server->set_fault(ServerFault::kSlow, milliseconds{3'600'000});
  std::atomic<bool> returned{false};
  std::thread other([&] {
    while (!returned) {
      shogo_fund_cancel(fund);
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CANCELLED);
  EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_CANCELLED);
  returned = true;
  other.join();
  server->set_fault(ServerFault::kNone);
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_OK);
}

TEST_F(BenchServer, an_error_500_is_a_server_error) {
  server->set_fault(ServerFault::kError500);
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_SERVER_ERROR);
  EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_SERVER_ERROR);
}

TEST_F(BenchServer, a_card_taken_away_before_any_command_is_removed_never_anything_else) {
  ASSERT_EQ(pin_eligibility(), SHOGO_FUND_OK);
  const std::size_t all = card.commands.size();
  for (std::size_t n = 0; n < all; ++n) {
    card.commands.clear();
    card.stays_for = n;
    EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CARD_REMOVED) << n;
    EXPECT_EQ(card.commands.size(), n + 1);
  }
}

TEST_F(BenchServer, garbage_at_any_command_is_a_card_error_or_an_unsupported_card_never_a_success) {
  ASSERT_EQ(pin_eligibility(), SHOGO_FUND_OK);
  const std::size_t all = card.commands.size();
  for (const char* garbage : {"90", "1234", "AABBCC", "6F00", "DEADBEEF9001"}) {
    for (std::size_t n = 1; n <= all; ++n) {
      card.commands.clear();
      card.tries = 3;
      card.script = [&, n](ByteView) {
        return card.commands.size() == n ? from_hex(garbage).value() : Bytes();
      };
      EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CARD_ERROR) << garbage << " at command " << n;
    }
  }
}

TEST_F(BenchServer, a_card_whose_signature_does_not_belong_to_its_certificate_is_a_card_error) {
  card.script = [](ByteView command) {
    if (to_hex(command).starts_with("802A")) {
      Bytes forged(256, 0x5A);
      append(forged, "9000"_hex);
      return forged;
    }
    return Bytes();
  };
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CARD_ERROR);
  EXPECT_EQ(server->requests().back().outcome, "bad_signature");
  EXPECT_FALSE(server->requests().back().signature_ok);
}

TEST_F(BenchServer, a_card_without_the_jpki_application_is_unsupported) {
  card.script = [](ByteView) { return "6A82"_hex; };
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CARD_UNSUPPORTED);
}

TEST_F(BenchServer, a_certificate_that_claims_to_be_endless_is_not_read_forever) {
  card.script = [](ByteView command) {
    return to_hex(command) == "00B0000004" ? "3082FFFF9000"_hex : Bytes();
  };
  EXPECT_EQ(pin_eligibility(), SHOGO_FUND_CARD_ERROR);
}

shogo_fund_status by_phone(shogo_fund* fund, ScriptedCard& phone, const std::string& pin,
                           shogo_fund_person& person) {
  return shogo_fund_phone_eligibility(fund, &ScriptedCard::transmit, &phone,
                                      reinterpret_cast<const uint8_t*>(pin.empty() ? nullptr : pin.data()),
                                      pin.size(), &person);
}

TEST_F(BenchServer, an_android_phone_proves_its_holder_by_the_pin_at_the_reader) {
  open();
  card.label = "JPKIAPGPSETOKEN";
  EXPECT_EQ(by_phone(fund, card, "1234", person), SHOGO_FUND_OK);
  EXPECT_STREQ(person.name, "合成　花子");
  EXPECT_EQ(count("00200080"), 1U);
  EXPECT_EQ(count("80FC"), 0U);
  EXPECT_EQ(by_phone(fund, card, "9999", person), SHOGO_FUND_WRONG_PIN);
  EXPECT_EQ(person.tries_left, 2);
  card.commands.clear();
  EXPECT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_UNSUPPORTED) << "nothing is sent without a PIN";
  EXPECT_EQ(count("00200080") + count("802A"), 0U);
}

TEST_F(BenchServer, an_iphone_needs_no_pin_here_but_its_holders_agreement) {
  open();
  card.label = "JPKIAPIOSTOKEN";
  EXPECT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_PHONE_NOT_APPROVED);
  EXPECT_STREQ(person.name, "");
  card.agreed = true;
  EXPECT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_OK);
  EXPECT_EQ(by_phone(fund, card, "1234", person), SHOGO_FUND_OK) << "a PIN typed in vain goes nowhere";
  EXPECT_EQ(count("00200080"), 0U);
  EXPECT_EQ(count("80FC0000"), 2U);
}

TEST_F(BenchServer, a_plastic_card_is_no_phone) {
  open();
  EXPECT_EQ(by_phone(fund, card, "1234", person), SHOGO_FUND_CARD_UNSUPPORTED);
  EXPECT_EQ(count("00200080"), 0U);
}

TEST_F(BenchServer, a_phone_taken_away_before_any_command_is_removed_never_anything_else) {
  open();
  card.label = "JPKIAPIOSTOKEN";
  card.agreed = true;
  ASSERT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_OK);
  const std::size_t all = card.commands.size();
  for (std::size_t n = 0; n + 1 < all; ++n) {
    card.commands.clear();
    card.stays_for = n;
    EXPECT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_CARD_REMOVED) << n;
  }
  card.commands.clear();
  card.stays_for = all - 1;
  EXPECT_EQ(by_phone(fund, card, "", person), SHOGO_FUND_OK) << "the last command only says goodbye";
}

/// A virtual card of the profile for the fund program, and the terminal of the same hierarchy.
class WithoutPin : public BenchServer {
 protected:
  void SetUp() override {
    BenchServer::SetUp();
    auto issuer = CardIssuer::create(TestTrust::get().pki());
    ASSERT_TRUE(issuer.ok());
    issuer_.emplace(std::move(issuer).value());
    terminal = (TestTrust::get().folder() / "terminal.pem").string();
    ASSERT_TRUE(write_text(terminal, issuer_->terminal_pem().value()).ok());
  }
  void issue_card(const char* profile) {
    issued_ = issuer_->issue(order_for(profile, 5, parse_jst("2026-04-01")).value()).value();
    ASSERT_TRUE(
        server->add_person({issued_.certificate_serial, "合成　次郎", "19600217", PersonState::kEligible})
            .ok());
  }
  static int transmit(void* self, const uint8_t* command, size_t command_size, uint8_t* response,
                      size_t* response_size) {
    auto& test = *static_cast<WithoutPin*>(self);
    test.commands_.push_back(to_hex({command, command_size}));
    const Bytes answer = test.issued_.card->transmit({command, command_size});
    if (answer.size() > *response_size) return -2;
    std::memcpy(response, answer.data(), answer.size());
    *response_size = answer.size();
    return 0;
  }
  shogo_fund_status pinless() { return shogo_fund_pinless_eligibility(fund, &transmit, this, &person); }

  std::optional<CardIssuer> issuer_;
  IssuedCard issued_;
  std::vector<std::string> commands_;
};

TEST_F(WithoutPin, a_card_is_eligible_by_the_terminals_proof_and_no_pin_is_sent) {
  open();
  for (const char* profile : {"standard", "face-authentication"}) {
    issue_card(profile);
    commands_.clear();
    EXPECT_EQ(pinless(), SHOGO_FUND_OK) << profile;
    EXPECT_STREQ(person.name, "合成　次郎");
    for (const std::string& command : commands_) EXPECT_FALSE(command.starts_with("0020")) << command;
    EXPECT_TRUE(server->requests().back().signature_ok);
  }
}

TEST_F(WithoutPin, first_registration_works_the_same_way) {
  open();
  issue_card("standard");
  ASSERT_TRUE(server->set_state(issued_.certificate_serial, PersonState::kNotRegistered).ok());
  EXPECT_EQ(pinless(), SHOGO_FUND_NOT_REGISTERED);
  EXPECT_EQ(shogo_fund_pinless_registration(fund, &transmit, this, &person), SHOGO_FUND_OK);
  EXPECT_EQ(pinless(), SHOGO_FUND_OK);
}

TEST_F(WithoutPin, a_phone_and_a_foreign_card_know_no_such_way) {
  open();
  issue_card("phone-android");
  EXPECT_EQ(pinless(), SHOGO_FUND_CARD_UNSUPPORTED);
  issued_ = issuer_->issue(order_for("driving-licence", 5, parse_jst("2026-04-01")).value()).value();
  EXPECT_EQ(pinless(), SHOGO_FUND_CARD_UNSUPPORTED);
  EXPECT_TRUE(server->requests().empty());
}

TEST_F(WithoutPin, a_terminal_of_another_authority_is_a_card_error_and_one_without_a_key_cannot) {
  const TestPki other = TestPki::create(99).value();
  ASSERT_TRUE(write_text(terminal, CardIssuer::create(other).value().terminal_pem().value()).ok());
  open();
  issue_card("standard");
  EXPECT_EQ(pinless(), SHOGO_FUND_CARD_ERROR);
  shogo_fund_close(fund);
  terminal.clear();
  open();
  commands_.clear();
  EXPECT_EQ(pinless(), SHOGO_FUND_UNSUPPORTED);
  EXPECT_TRUE(commands_.empty());
}

TEST_F(WithoutPin, a_file_that_is_no_terminal_is_named_at_the_start) {
  ASSERT_TRUE(write_text(terminal, "nothing of the kind").ok());
  const PemFiles& files = TestTrust::get().files();
  const shogo_fund_config config{SHOGO_FUND_ABI_VERSION,   "https://127.0.0.1:1",
                                 files.tls_ca.c_str(),     files.clinic_certificate.c_str(),
                                 files.clinic_key.c_str(), 1'000,
                                 terminal.c_str()};
  char message[256] = "";
  EXPECT_EQ(shogo_fund_open(&config, message, sizeof message), nullptr);
  EXPECT_NE(std::string(message).find("SHOGO TERMINAL CERTIFICATE"), std::string::npos) << message;
}

TEST_F(BenchServer, opening_says_what_is_wrong) {
  const PemFiles& files = TestTrust::get().files();
  shogo_fund_config config{SHOGO_FUND_ABI_VERSION,
                           "ftp://nowhere",
                           files.tls_ca.c_str(),
                           files.clinic_certificate.c_str(),
                           files.clinic_key.c_str(),
                           1'000,
                           nullptr};
  char message[256] = "";
  EXPECT_EQ(shogo_fund_open(&config, message, sizeof message), nullptr);
  EXPECT_STREQ(message, "server URL \"ftp://nowhere\": expected https://host:port");
  config.version = 99;
  EXPECT_EQ(shogo_fund_open(&config, message, sizeof message), nullptr);
  config.version = SHOGO_FUND_ABI_VERSION;
  config.server_url = "https://127.0.0.1:1";
  config.client_key_pem = "/nonexistent/key.pem";
  EXPECT_EQ(shogo_fund_open(&config, message, sizeof message), nullptr);
  EXPECT_NE(std::string(message).find("/nonexistent/key.pem"), std::string::npos);
}

TEST_F(BenchServer, a_server_that_the_trust_anchor_does_not_know_gets_nothing) {
  const PemFiles& files = TestTrust::get().files();
  const std::string url = server->url();
  const shogo_fund_config config{SHOGO_FUND_ABI_VERSION,
                                 url.c_str(),
                                 files.signature_ca.c_str(),
                                 files.clinic_certificate.c_str(),
                                 files.clinic_key.c_str(),
                                 5'000,
                                 nullptr};
  fund = shogo_fund_open(&config, nullptr, 0);
  ASSERT_NE(fund, nullptr);
  EXPECT_EQ(shogo_fund_connectivity(fund), SHOGO_FUND_SERVER_UNREACHABLE);
}

}  // namespace
}  // namespace shogo::sim
