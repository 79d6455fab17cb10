#include <gtest/gtest.h>

#include <shogo/sim/ocsp.h>

namespace shogo::sim {
namespace {

const TestPki& pki() {
  static const TestPki made = std::move(TestPki::create(1)).value();
  return made;
}

class Ocsp : public ::testing::Test {
 protected:
  Result<StatusAnswer> ask(const Certificate& certificate, const Certificate& issuer = ca()) {
    const auto request = ocsp_request(certificate, issuer);
    if (!request.ok()) return request.error();
    return read_ocsp_answer(responder_.answer(*request), certificate, issuer, now_);
  }
  static const Certificate& ca() { return pki().user_authentication_ca().certificate; }
  static Identity issue(std::uint64_t serial) {
    return pki()
        .issue_user_authentication("taro", serial, {parse_jst("2025-01-01"), parse_jst("2030-01-01")})
        .value();
  }
  Nanoseconds now_ = parse_jst("2026-04-01T09:00:00");
  OcspResponder responder_{pki().user_authentication_ca(), [this] { return now_; }};
  Identity card_ = issue(0x1001);
};

TEST_F(Ocsp, says_good_until_revoked_then_why_and_good_again_after_a_hold) {
  EXPECT_EQ(ask(card_.certificate)->status, CertificateStatus::kGood);
  responder_.revoke({card_.certificate.serial_hex(), RevocationReason::kHold, now_});
  const auto held = ask(card_.certificate);
  ASSERT_TRUE(held.ok()) << held.error().describe();
  EXPECT_EQ(held->status, CertificateStatus::kRevoked);
  EXPECT_EQ(held->reason, RevocationReason::kHold);
  EXPECT_EQ(ask(issue(0x1002).certificate)->status, CertificateStatus::kGood) << "somebody else";
  responder_.release("1001");
  EXPECT_EQ(ask(card_.certificate)->status, CertificateStatus::kGood);
}

TEST_F(Ocsp, every_reason_comes_through) {
  for (const auto reason :
       {RevocationReason::kUnspecified, RevocationReason::kKeyCompromise,
        RevocationReason::kAffiliationChanged, RevocationReason::kSuperseded, RevocationReason::kCessation}) {
    responder_.revoke({"1001", reason, now_});
    EXPECT_EQ(ask(card_.certificate)->reason, reason);
  }
}

TEST_F(Ocsp, of_another_authoritys_certificate_nothing_is_known) {
  const auto other = pki().issue_signature("taro", {"a", "b", "19700101", '1'}, 0x1001,
                                           {parse_jst("2025-01-01"), parse_jst("2030-01-01")});
  ASSERT_TRUE(other.ok());
  const Certificate& signature_ca = pki().signature_ca().certificate;
  const Bytes answer = responder_.answer(ocsp_request(other->certificate, signature_ca).value());
  // Its own issuer did not sign this answer, so for a careful asker it is none.
  EXPECT_FALSE(read_ocsp_answer(answer, other->certificate, signature_ca, now_).ok());
}

TEST_F(Ocsp, an_answer_of_another_time_about_another_card_or_of_another_authority_is_none) {
  const Bytes answer = responder_.answer(ocsp_request(card_.certificate, ca()).value());
  const auto read = [&](const Certificate& about, Nanoseconds when) {
    return read_ocsp_answer(answer, about, ca(), when);
  };
  EXPECT_TRUE(read(card_.certificate, now_ + std::chrono::hours(23)).ok());
  EXPECT_FALSE(read(card_.certificate, now_ + std::chrono::hours(25)).ok());
  EXPECT_FALSE(read(card_.certificate, now_ - std::chrono::hours(1)).ok());
  EXPECT_TRUE(read(card_.certificate, now_ - milliseconds(1)).ok()) << "a second began while it was made";
  EXPECT_FALSE(read(card_.certificate, now_ - std::chrono::seconds(6)).ok());
  EXPECT_FALSE(read(issue(0x1002).certificate, now_).ok());
  const TestPki foreign = TestPki::create(2).value();
  OcspResponder impostor(foreign.user_authentication_ca(), [this] { return now_; });
  const Bytes forged = impostor.answer(ocsp_request(card_.certificate, ca()).value());
  EXPECT_FALSE(read_ocsp_answer(forged, card_.certificate, ca(), now_).ok());
}

TEST_F(Ocsp, garbage_is_a_malformed_request_and_no_answer) {
  const Bytes good = ocsp_request(card_.certificate, ca()).value();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(
        read_ocsp_answer(responder_.answer(ByteView(good).first(size)), card_.certificate, ca(), now_).ok());
  const Bytes answer = responder_.answer(good);
  for (std::size_t size = 0; size < answer.size(); size += 13)
    EXPECT_FALSE(read_ocsp_answer(ByteView(answer).first(size), card_.certificate, ca(), now_).ok());
  for (std::size_t at = 0; at < answer.size(); at += 17) {
    Bytes changed = answer;
    changed[at] ^= 0x40;
    const auto read = read_ocsp_answer(changed, card_.certificate, ca(), now_);
    EXPECT_TRUE(!read.ok() || read->status == CertificateStatus::kGood) << at;
  }
}

TEST_F(Ocsp, the_same_question_at_the_same_second_gets_the_same_bytes) {
  const Bytes question = ocsp_request(card_.certificate, ca()).value();
  const Bytes first = responder_.answer(question);
  EXPECT_EQ(first, responder_.answer(question));
  now_ += std::chrono::seconds(1);
  EXPECT_NE(first, responder_.answer(question));
}

TEST_F(Ocsp, an_answer_was_produced_at_its_own_time_and_not_at_the_machines) {
  const Bytes answer = responder_.answer(ocsp_request(card_.certificate, ca()).value());
  const std::string text(answer.begin(), answer.end());
  const std::size_t produced = text.find("20260401000000Z");  // 09:00 in Japan
  ASSERT_NE(produced, std::string::npos);
  EXPECT_NE(text.find("20260401000000Z", produced + 1), std::string::npos) << "producedAt and thisUpdate";
}

TEST_F(Ocsp, the_list_holds_what_the_responder_knows) {
  responder_.revoke({"1001", RevocationReason::kKeyCompromise, now_});
  const auto list = responder_.list_der();
  ASSERT_TRUE(list.ok());
  EXPECT_NE(*list, OcspResponder(pki().user_authentication_ca(), [this] { return now_; }).list_der().value());
}

}  // namespace
}  // namespace shogo::sim
