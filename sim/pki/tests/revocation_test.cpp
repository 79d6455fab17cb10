#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

#include <shogo/sim/revocation.h>

namespace shogo::sim {
namespace {

const TestPki& pki() {
  static const TestPki made = std::move(TestPki::create(1)).value();
  return made;
}

/// What a verifier that asks for revocation says: X509_V_OK or an error of OpenSSL.
int verdict(const std::string& list, const Certificate& certificate, const char* day) {
  BIO* bio = BIO_new_mem_buf(list.data(), static_cast<int>(list.size()));
  X509_CRL* crl = PEM_read_bio_X509_CRL(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, pki().user_authentication_ca().certificate.get());
  X509_STORE_add_crl(store, crl);
  X509_STORE_CTX* ctx = X509_STORE_CTX_new();
  X509_STORE_CTX_init(ctx, store, certificate.get(), nullptr);
  X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_CRL_CHECK);
  X509_STORE_CTX_set_time(ctx, 0, std::chrono::duration_cast<std::chrono::seconds>(parse_jst(day)).count());
  X509_verify_cert(ctx);
  const int error = X509_STORE_CTX_get_error(ctx);
  X509_STORE_CTX_free(ctx);
  X509_STORE_free(store);
  X509_CRL_free(crl);
  return error;
}

std::string list_of(const std::vector<Revocation>& revoked) {
  return revocation_list_pem(pki().user_authentication_ca(), revoked, parse_jst("2026-04-01"),
                             parse_jst("2026-04-08"))
      .value();
}

TEST(Revocation, a_listed_certificate_is_revoked_and_another_is_not_while_the_list_is_fresh) {
  const Validity validity{parse_jst("2025-01-01"), parse_jst("2030-01-01")};
  const auto good = pki().issue_user_authentication("good", 0x1001, validity);
  const auto bad = pki().issue_user_authentication("bad", 0x1002, validity);
  ASSERT_TRUE(good.ok() && bad.ok());
  const std::string list =
      list_of({{bad->certificate.serial_hex(), RevocationReason::kKeyCompromise, parse_jst("2026-03-30")}});
  EXPECT_EQ(verdict(list, good->certificate, "2026-04-02"), X509_V_OK);
  EXPECT_EQ(verdict(list, bad->certificate, "2026-04-02"), X509_V_ERR_CERT_REVOKED);
  EXPECT_EQ(verdict(list, good->certificate, "2026-04-09"), X509_V_ERR_CRL_HAS_EXPIRED);
  EXPECT_EQ(verdict(list_of({}), bad->certificate, "2026-04-02"), X509_V_OK);
}

TEST(Revocation, the_same_revocations_give_the_same_list) {
  const std::vector<Revocation> revoked = {{"1002", RevocationReason::kHold, parse_jst("2026-03-30")}};
  EXPECT_EQ(list_of(revoked), list_of(revoked));
}

TEST(Revocation, what_is_no_serial_number_or_reason_is_refused_with_what_is_expected) {
  const auto list = [](const std::string& serial) {
    return revocation_list_pem(pki().signature_ca(), {{serial, RevocationReason::kHold, {}}}, {}, {});
  };
  EXPECT_FALSE(list("").ok());
  EXPECT_FALSE(list("12G4").ok());
  EXPECT_FALSE(list(std::string(42, '1')).ok());
  EXPECT_TRUE(list("123").ok());
  EXPECT_EQ(*parse_reason("superseded"), RevocationReason::kSuperseded);
  EXPECT_NE(parse_reason("anger").error().describe().find("key_compromise"), std::string::npos);
}

TEST(Revocation, what_a_list_holds_is_read_back) {
  const std::vector<Revocation> revoked = {
      {"1002", RevocationReason::kHold, parse_jst("2026-03-30")},
      {"0AFFEE", RevocationReason::kUnspecified, parse_jst("2026-03-29T12:00:00")}};
  auto read = read_revocation_list(list_of(revoked), pki().user_authentication_ca().certificate);
  ASSERT_TRUE(read.ok()) << read.error().describe();
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].serial_hex, "1002");
  EXPECT_EQ((*read)[0].reason, RevocationReason::kHold);
  EXPECT_EQ((*read)[0].when, parse_jst("2026-03-30"));
  EXPECT_EQ((*read)[1].serial_hex, "0AFFEE");
  EXPECT_EQ((*read)[1].reason, RevocationReason::kUnspecified);
  EXPECT_TRUE(read_revocation_list(list_of({}), pki().user_authentication_ca().certificate)->empty());
}

TEST(Revocation, a_list_of_somebody_else_and_what_is_no_list_are_refused) {
  const std::string list = list_of({{"1002", RevocationReason::kHold, parse_jst("2026-03-30")}});
  const auto stranger = read_revocation_list(list, pki().signature_ca().certificate);
  ASSERT_FALSE(stranger.ok());
  EXPECT_EQ(stranger.error().code(), Code::kCorrupt);
  EXPECT_NE(stranger.error().message().find("not signed by this authority"), std::string::npos);
  const std::string cut = list.substr(0, list.size() / 2);
  const std::string certificate = pki().signature_ca().certificate.pem();
  for (const std::string& text : {std::string(), std::string("hello"), cut, certificate}) {
    const auto none = read_revocation_list(text, pki().user_authentication_ca().certificate);
    ASSERT_FALSE(none.ok()) << text;
    EXPECT_EQ(none.error().code(), Code::kCorrupt);
  }
}

}  // namespace
}  // namespace shogo::sim
