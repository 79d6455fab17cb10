#include <gtest/gtest.h>
#include <openssl/rsa.h>

#include <shogo/sim/keys.h>

namespace shogo::sim {
namespace {

TEST(Keys, the_same_stream_gives_the_same_rsa_key_and_another_stream_another) {
  Rng a(7, "a"), again(7, "a"), b(7, "b");
  const auto first = KeyPair::rsa(a), second = KeyPair::rsa(again), third = KeyPair::rsa(b);
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  EXPECT_EQ(first->private_pem(), second->private_pem());
  EXPECT_NE(first->modulus(), third->modulus());
}

TEST(Keys, an_rsa_key_is_consistent_and_has_exactly_2048_bits) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Rng rng(seed, "key");
    const auto key = KeyPair::rsa(rng);
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(EVP_PKEY_get_bits(key->get()), 2048);
    EXPECT_EQ(key->modulus().size(), 256U);
    EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new(key->get(), nullptr);
    EXPECT_EQ(EVP_PKEY_check(ctx), 1) << "seed " << seed;
    EVP_PKEY_CTX_free(ctx);
  }
}

TEST(Keys, a_p256_key_is_repeatable_and_consistent) {
  Rng a(7, "ec"), again(7, "ec");
  const auto first = KeyPair::p256(a), second = KeyPair::p256(again);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(first->is_rsa());
  EXPECT_TRUE(first->modulus().empty());
  EXPECT_EQ(first->private_pem(), second->private_pem());
  EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new(first->get(), nullptr);
  EXPECT_EQ(EVP_PKEY_check(ctx), 1);
  EVP_PKEY_CTX_free(ctx);
}

TEST(Keys, a_raw_signature_over_a_digest_info_equals_the_hashed_signature) {
  Rng rng(7, "sign");
  const auto key = KeyPair::rsa(rng);
  ASSERT_TRUE(key.ok());
  const Bytes message = "00112233"_hex;
  const auto raw = key->sign_pkcs1_raw(sha256_digest_info(sha256(message)));
  const auto hashed = key->sign_sha256(message);
  ASSERT_TRUE(raw.ok() && hashed.ok());
  EXPECT_EQ(*raw, *hashed);
}

TEST(Keys, input_without_room_for_the_padding_is_refused_245_bytes_fit_246_do_not) {
  Rng rng(7, "sign");
  const auto key = KeyPair::rsa(rng);
  ASSERT_TRUE(key.ok());
  EXPECT_TRUE(key->sign_pkcs1_raw(Bytes(245, 1)).ok());
  EXPECT_FALSE(key->sign_pkcs1_raw(Bytes(246, 1)).ok());
}

}  // namespace
}  // namespace shogo::sim
