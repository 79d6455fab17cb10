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

}  // namespace
}  // namespace shogo::sim
