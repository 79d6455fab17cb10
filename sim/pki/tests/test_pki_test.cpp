#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <shogo/base/file.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {
namespace {

const TestPki& pki() {
  static const TestPki instance = [] {
    auto made = TestPki::create(1);
    if (!made.ok()) throw std::runtime_error(made.error().describe());
    return std::move(made).value();
  }();
  return instance;
}

Validity card_years() {
  return {parse_jst("2024-05-01"), parse_jst("2029-04-30T23:59:59")};
}

SignatureHolder holder() {
  return {"照合　花子", "東京都架空区合成町１－２－３", "19800217", '2'};
}

/// What a relying party does: chain and validity at a moment, for a purpose.
int verify(const Certificate& leaf, const Certificate& root, const std::string& at, int purpose) {
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, root.get());
  X509_STORE_CTX* ctx = X509_STORE_CTX_new();
  X509_STORE_CTX_init(ctx, store, leaf.get(), nullptr);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(ctx);
  X509_VERIFY_PARAM_set_time(param, std::chrono::duration_cast<std::chrono::seconds>(parse_jst(at)).count());
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
  if (purpose != 0) X509_STORE_CTX_set_purpose(ctx, purpose);
  X509_verify_cert(ctx);
  const int error = X509_STORE_CTX_get_error(ctx);
  X509_STORE_CTX_free(ctx);
  X509_STORE_free(store);
  return error;
}

TEST(TestPki, the_same_seed_gives_the_same_certificates_byte_for_byte) {
  const auto again = TestPki::create(1);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(pki().user_authentication_ca().certificate.der(),
            again->user_authentication_ca().certificate.der());
  EXPECT_EQ(pki().server().certificate.der(), again->server().certificate.der());
  const auto card = pki().issue_user_authentication("p1", 100, card_years());
  const auto card_again = again->issue_user_authentication("p1", 100, card_years());
  ASSERT_TRUE(card.ok() && card_again.ok());
  EXPECT_EQ(card->certificate.der(), card_again->certificate.der());
  const auto sign = pki().issue_signature("p1", holder(), 101, card_years());
  const auto sign_again = again->issue_signature("p1", holder(), 101, card_years());
  ASSERT_TRUE(sign.ok() && sign_again.ok());
  EXPECT_EQ(sign->certificate.der(), sign_again->certificate.der());
}

TEST(TestPki, another_seed_or_person_has_other_keys) {
  const auto other = TestPki::create(2);
  ASSERT_TRUE(other.ok());
  EXPECT_NE(pki().user_authentication_ca().key.modulus(), other->user_authentication_ca().key.modulus());
  const auto one = pki().issue_user_authentication("p1", 100, card_years());
  const auto two = pki().issue_user_authentication("p2", 100, card_years());
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_NE(one->key.modulus(), two->key.modulus());
  EXPECT_NE(one->certificate.subject(), two->certificate.subject());
}

TEST(TestPki, every_authority_says_that_it_is_synthetic) {
  for (const Identity* ca : {&pki().user_authentication_ca(), &pki().signature_ca(), &pki().tls_ca()}) {
    EXPECT_NE(ca->certificate.subject().find("O=JPKI-SHOGO-SYNTHETIC"), std::string::npos);
    EXPECT_EQ(verify(ca->certificate, ca->certificate, "2026-04-01", 0), X509_V_OK);
  }
}

TEST(TestPki, a_user_authentication_certificate_verifies_within_its_years_only) {
  const auto card = pki().issue_user_authentication("p1", 100, card_years());
  ASSERT_TRUE(card.ok());
  const Certificate& root = pki().user_authentication_ca().certificate;
  EXPECT_EQ(verify(card->certificate, root, "2024-04-30T23:59:59", 0), X509_V_ERR_CERT_NOT_YET_VALID);
  EXPECT_EQ(verify(card->certificate, root, "2024-05-01T00:00:00", X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  // notAfter itself is still valid by RFC 5280 4.1.2.5; OpenSSL already calls that one second expired.
  EXPECT_EQ(verify(card->certificate, root, "2029-04-30T23:59:58", X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  EXPECT_EQ(verify(card->certificate, root, "2029-05-01T00:00:00", 0), X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST(TestPki, authorities_do_not_vouch_for_each_others_certificates) {
  const auto card = pki().issue_user_authentication("p1", 100, card_years());
  const auto sign = pki().issue_signature("p1", holder(), 101, card_years());
  ASSERT_TRUE(card.ok() && sign.ok());
  EXPECT_NE(verify(card->certificate, pki().signature_ca().certificate, "2026-04-01", 0), X509_V_OK);
  EXPECT_NE(verify(card->certificate, pki().tls_ca().certificate, "2026-04-01", 0), X509_V_OK);
  EXPECT_EQ(verify(sign->certificate, pki().signature_ca().certificate, "2026-04-01", 0), X509_V_OK);
}

TEST(TestPki, the_user_authentication_certificate_names_nobody_and_the_signature_certificate_its_holder) {
  const auto card = pki().issue_user_authentication("p1", 100, card_years());
  const auto sign = pki().issue_signature("p1", holder(), 101, card_years());
  ASSERT_TRUE(card.ok() && sign.ok());
  const auto contains = [](const Bytes& der, const std::string& text) {
    return as_text(der).find(text) != std::string_view::npos;
  };
  EXPECT_FALSE(contains(card->certificate.der(), holder().name));
  EXPECT_TRUE(contains(sign->certificate.der(), holder().name));
  EXPECT_TRUE(contains(sign->certificate.der(), holder().address));
  EXPECT_TRUE(contains(sign->certificate.der(), holder().birth_date));
}

TEST(TestPki, the_server_certificate_is_for_loopback_alone) {
  X509* server = pki().server().certificate.get();
  EXPECT_EQ(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
  EXPECT_EQ(X509_check_host(server, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(server, "eligibility.bench.test", 0, 0, nullptr), 1);
  EXPECT_NE(X509_check_ip_asc(server, "127.0.0.2", 0), 1);
  EXPECT_NE(X509_check_host(server, "example.com", 0, 0, nullptr), 1);
  const Certificate& root = pki().tls_ca().certificate;
  EXPECT_EQ(verify(pki().server().certificate, root, "2049-12-30", X509_PURPOSE_SSL_SERVER), X509_V_OK);
  EXPECT_EQ(verify(pki().clinic().certificate, root, "2049-12-30", X509_PURPOSE_SSL_CLIENT), X509_V_OK);
  EXPECT_NE(verify(pki().clinic().certificate, root, "2026-04-01", X509_PURPOSE_SSL_SERVER), X509_V_OK);
}

TEST(TestPki, a_validity_that_ends_before_it_begins_is_refused) {
  const auto card =
      pki().issue_user_authentication("p1", 100, {parse_jst("2029-01-01"), parse_jst("2024-01-01")});
  ASSERT_FALSE(card.ok());
  EXPECT_EQ(card.error().code(), Code::kInvalid);
}

TEST(TestPki, serial_numbers_read_as_hex) {
  const auto card = pki().issue_user_authentication("p1", 0x0102ABCD, card_years());
  ASSERT_TRUE(card.ok());
  EXPECT_EQ(card->certificate.serial_hex(), "0102ABCD");
}

TEST(TestPki, key_files_are_private_and_a_missing_folder_is_an_error) {
  auto folder = TemporaryFolder::create("shogo-pki-test");
  ASSERT_TRUE(folder.ok());
  const auto files = pki().write_pem_files(folder->path());
  ASSERT_TRUE(files.ok());
  struct stat status {};
  ASSERT_EQ(::stat(files->server_key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_FALSE(pki().write_pem_files(folder->path() / "absent").ok());
}

class Authority : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(pki().write_pem_files(folder_.path()).ok());
    ASSERT_TRUE(pki().write_authority_keys(folder_.path()).ok());
  }
  std::string read(const std::string& name) {
    const auto identity = read_authority(folder_.path(), name);
    return identity.ok() ? "read" : identity.error().describe();
  }
  std::filesystem::path file(const char* name) { return folder_.path() / name; }
  TemporaryFolder folder_ = TemporaryFolder::create("shogo-authority").value();
};

TEST_F(Authority, what_was_written_is_read_back_with_its_key) {
  const auto identity = read_authority(folder_.path(), "user-authentication-ca");
  ASSERT_TRUE(identity.ok()) << identity.error().describe();
  EXPECT_EQ(identity->certificate.der(), pki().user_authentication_ca().certificate.der());
  EXPECT_EQ(identity->key.private_pem(), pki().user_authentication_ca().key.private_pem());
}

TEST_F(Authority, a_file_that_is_missing_or_no_certificate_or_no_key_is_named) {
  EXPECT_NE(read("nobody-ca").find("nobody-ca.pem"), std::string::npos);
  ASSERT_TRUE(write_text(file("signature-ca.pem"), "hello").ok());
  EXPECT_NE(read("signature-ca").find("signature-ca.pem"), std::string::npos);
  ASSERT_TRUE(write_text(file("user-authentication-ca.key"), "hello").ok());
  EXPECT_NE(read("user-authentication-ca").find("user-authentication-ca.key"), std::string::npos);
}

TEST_F(Authority, a_key_of_another_certificate_is_refused) {
  const std::string other = *read_text(file("signature-ca.key"));
  ASSERT_TRUE(write_text(file("user-authentication-ca.key"), other).ok());
  EXPECT_NE(read("user-authentication-ca").find("is not the key of"), std::string::npos);
}

}  // namespace
}  // namespace shogo::sim
