// What the server answers, without a network and under virtual time.
#include <gtest/gtest.h>

#include <shogo/base/file.h>
#include <shogo/sim/eligibility_desk.h>
#include <shogo/sim/ocsp.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {
namespace {

namespace json = boost::json;

class DeskTest : public ::testing::Test {
 protected:
  static const TestPki& pki() {
    static const TestPki made = TestPki::create(5).value();
    return made;
  }
  DeskTest() {
    const auto files = pki().write_pem_files(folder_.path()).value();
    desk_.emplace(PersonRegister::open(":memory:").value(),
                  CertificateCheck::open(files.user_authentication_ca).value(), clock_, 9,
                  std::chrono::seconds{60});
    EXPECT_TRUE(desk_->people().put({card_.certificate.serial_hex(), "合成　太郎", "19700101"}).ok());
  }
  json::object challenge() { return desk_->answer("POST", "/v1/challenge", "{}").body; }
  static std::string text(const json::object& object, const char* key) {
    return std::string(object.at(key).as_string());
  }
  static std::string request(const json::object& challenge, const Identity& who, bool honest = true) {
    Bytes message = from_hex(text(challenge, "challenge")).value();
    if (!honest) message[0] ^= 1;
    return json::serialize(json::object{{"challenge_id", challenge.at("challenge_id")},
                                        {"certificate", to_base64(who.certificate.der())},
                                        {"signature", to_base64(who.key.sign_sha256(message).value())}});
  }
  DeskAnswer submit(const std::string& body) { return desk_->answer("POST", "/v1/eligibility", body); }

  TemporaryFolder folder_ = TemporaryFolder::create("shogo-desk").value();
  VirtualClock clock_{parse_jst("2026-04-01T09:00:00")};
  Validity validity_{parse_jst("2024-01-01"), parse_jst("2029-01-01")};
  Identity card_ = pki().issue_user_authentication("taro", 0xAB01, validity_).value();
  std::optional<EligibilityDesk> desk_;
};

TEST_F(DeskTest, a_challenge_is_good_for_one_answer) {
  const std::string body = request(challenge(), card_);
  EXPECT_EQ(submit(body).outcome, "eligible");
  const DeskAnswer again = submit(body);
  EXPECT_EQ(again.http_status, 409);
  EXPECT_EQ(again.outcome, "challenge_unknown");
}

TEST_F(DeskTest, a_challenge_lives_until_its_end_and_not_after) {
  const std::string in_time = request(challenge(), card_);
  clock_.advance(std::chrono::seconds{60} - Nanoseconds{1});
  EXPECT_EQ(submit(in_time).outcome, "eligible");
  const std::string late = request(challenge(), card_);
  clock_.advance(std::chrono::seconds{60});
  EXPECT_EQ(submit(late).http_status, 409);
}

TEST_F(DeskTest, a_signature_over_another_challenge_tells_nothing_about_the_person) {
  const DeskAnswer answer = submit(request(challenge(), card_, false));
  EXPECT_EQ(answer.http_status, 403);
  EXPECT_EQ(answer.outcome, "bad_signature");
  EXPECT_FALSE(answer.signature_ok);
  EXPECT_EQ(answer.body.if_contains("person"), nullptr);
}

TEST_F(DeskTest, a_certificate_of_a_foreign_authority_is_untrusted) {
  const TestPki foreign = TestPki::create(6).value();
  const Identity stranger = foreign.issue_user_authentication("taro", 0xAB01, validity_).value();
  EXPECT_EQ(submit(request(challenge(), stranger)).outcome, "untrusted_certificate");
}

TEST_F(DeskTest, a_signature_certificate_does_not_authenticate_a_user) {
  const Identity other =
      pki().issue_signature("taro", {"a", "b", "19700101", '1'}, 0xAB01, validity_).value();
  EXPECT_EQ(submit(request(challenge(), other)).outcome, "untrusted_certificate");
}

TEST_F(DeskTest, the_last_second_of_a_certificate_still_counts_and_then_comes_a_grace) {
  clock_.advance(validity_.not_after - clock_.wall_now());
  const auto last = submit(request(challenge(), card_));
  EXPECT_EQ(last.outcome, "eligible");
  EXPECT_EQ(last.body.at("notice"), "expires_soon");
  clock_.advance(std::chrono::seconds{1});
  const auto grace = submit(request(challenge(), card_));
  EXPECT_EQ(grace.outcome, "eligible");
  EXPECT_EQ(grace.body.at("notice"), "grace");
  clock_.advance(std::chrono::hours{24 * 93});
  EXPECT_EQ(submit(request(challenge(), card_)).outcome, "expired");
}

TEST_F(DeskTest, a_certificate_of_the_future_is_nobodys) {
  const Identity early =
      pki()
          .issue_user_authentication("taro", 0xAB01, {parse_jst("2027-01-01"), parse_jst("2030-01-01")})
          .value();
  EXPECT_EQ(submit(request(challenge(), early)).outcome, "unknown");
}

TEST_F(DeskTest, registration_changes_only_the_unregistered) {
  const std::string serial = card_.certificate.serial_hex();
  for (const PersonState state :
       {PersonState::kNotRegistered, PersonState::kSuspended, PersonState::kRevoked}) {
    ASSERT_TRUE(desk_->people().set_state(serial, state).ok());
    const DeskAnswer answer = desk_->answer("POST", "/v1/registration", request(challenge(), card_));
    const PersonState after = desk_->people().find(serial).value()->state;
    EXPECT_EQ(after, state == PersonState::kNotRegistered ? PersonState::kEligible : state);
    EXPECT_EQ(answer.outcome, to_string(after));
  }
}

TEST_F(DeskTest, bad_requests_are_told_what_was_expected) {
  const std::pair<const char*, const char*> table[] = {
      {"", "request: not valid JSON near byte 0: incomplete JSON"},
      {"[]", "request: expected an object, got an array"},
      {"{}", "request: \"challenge_id\" is missing (expected a string)"},
      {R"({"challenge_id":""})", "request: \"challenge_id\" must have 1 to 64 characters, got 0"},
      {R"({"challenge_id":"00","certificate":"***=","signature":"AAAA"})",
       "request: \"certificate\" must be base64 with padding"},
      {R"({"challenge_id":"00","certificate":"AAAA","signature":""})",
       "request: \"signature\" must be 1 to 512 bytes, got 0"},
      {R"({"challenge_id":"00","pin":"1234"})", "request: unknown key \"pin\""},
  };
  for (const auto& [body, message] : table) {
    const DeskAnswer answer = submit(body);
    EXPECT_EQ(answer.http_status, 400) << body;
    EXPECT_EQ(text(answer.body, "message"), message);
  }
  EXPECT_EQ(desk_->answer("GET", "/v1/eligibility", "").http_status, 405);
  EXPECT_EQ(desk_->answer("POST", "/v2/eligibility", "").http_status, 404);
}

TEST_F(DeskTest, challenges_follow_the_seed_and_never_repeat) {
  const std::string first = text(challenge(), "challenge");
  EXPECT_EQ(first.size(), 64U);
  EXPECT_NE(text(challenge(), "challenge"), first);
  const auto files = pki().write_pem_files(folder_.path()).value();
  EligibilityDesk twin(PersonRegister::open(":memory:").value(),
                       CertificateCheck::open(files.user_authentication_ca).value(), clock_, 9,
                       std::chrono::seconds{60});
  EXPECT_EQ(text(twin.answer("POST", "/v1/challenge", "").body, "challenge"), first);
}

TEST_F(DeskTest, somebody_who_only_asks_for_challenges_is_stopped_and_time_helps) {
  int status = 200;
  for (int i = 0; i < 5'000 && status == 200; ++i)
    status = desk_->answer("POST", "/v1/challenge", "").http_status;
  EXPECT_EQ(status, 429);
  clock_.advance(std::chrono::seconds{60});
  EXPECT_EQ(desk_->answer("POST", "/v1/challenge", "").http_status, 200);
}

TEST(PersonRegister, a_file_keeps_people_across_runs) {
  const TemporaryFolder folder = TemporaryFolder::create("shogo-people").value();
  const auto path = folder.path() / "people.sqlite";
  {
    auto people = PersonRegister::open(path).value();
    ASSERT_TRUE(people.put({"51A0", "合成　花子", "19800217", PersonState::kSuspended}).ok());
  }
  const auto people = PersonRegister::open(path).value();
  EXPECT_EQ(people.find("51A0").value()->state, PersonState::kSuspended);
  EXPECT_FALSE(people.find("51A1").value().has_value());
}

TEST(PersonRegister, says_when_it_cannot_open_or_find) {
  EXPECT_FALSE(PersonRegister::open("/nonexistent/people.sqlite").ok());
  auto people = PersonRegister::open(":memory:").value();
  EXPECT_EQ(people.set_state("00", PersonState::kRevoked).error().code(), Code::kNotFound);
}

class RevocationDesk : public DeskTest {
 protected:
  RevocationDesk() {
    const auto files = pki().write_pem_files(folder_.path()).value();
    desk_.emplace(PersonRegister::open(":memory:").value(),
                  CertificateCheck::open(files.user_authentication_ca,
                                         [this](ByteView request) -> Result<Bytes> {
                                           ++asked_;
                                           if (down_) return Error{Code::kUnavailable, "down"};
                                           return responder_.answer(request);
                                         })
                      .value(),
                  clock_, 9, std::chrono::seconds{60});
    EXPECT_TRUE(desk_->people().put({card_.certificate.serial_hex(), "合成　太郎", "19700101"}).ok());
  }
  OcspResponder responder_{pki().user_authentication_ca(), [this] { return clock_.wall_now(); }};
  int asked_ = 0;
  bool down_ = false;
};

TEST_F(RevocationDesk, a_revoked_certificate_is_refused_although_the_person_is_registered) {
  EXPECT_EQ(submit(request(challenge(), card_)).outcome, "eligible");
  responder_.revoke({card_.certificate.serial_hex(), RevocationReason::kSuperseded, clock_.wall_now()});
  const DeskAnswer revoked = submit(request(challenge(), card_));
  EXPECT_EQ(revoked.outcome, "revoked");
  EXPECT_EQ(revoked.body.if_contains("person"), nullptr);
  responder_.release(card_.certificate.serial_hex());
  EXPECT_EQ(submit(request(challenge(), card_)).outcome, "eligible");
}

TEST_F(RevocationDesk, without_an_answer_about_its_status_nobody_is_eligible) {
  down_ = true;
  const DeskAnswer answer = submit(request(challenge(), card_));
  EXPECT_EQ(answer.http_status, 503);
  EXPECT_EQ(answer.outcome, "status_unavailable");
}

TEST_F(RevocationDesk, nobody_is_asked_about_a_forgery_or_an_expired_certificate) {
  submit(request(challenge(), card_, false));
  EXPECT_EQ(asked_, 0);
  clock_.advance(validity_.not_after - clock_.wall_now() + std::chrono::hours(24 * 200));
  EXPECT_EQ(submit(request(challenge(), card_)).outcome, "expired");
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace shogo::sim
