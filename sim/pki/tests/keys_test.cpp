#include <set>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <shogo/base/file.h>
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

TEST(Keys, the_pool_begins_with_the_primes_that_make_primes_finds_and_has_512_different_ones) {
  const std::string pool = read_text(std::string(SHOGO_SOURCE_DIR) + "/sim/pki/data/primes.hex").value();
  ASSERT_EQ(pool.size(), 512U * 257U);
  std::set<std::string> primes;
  BN_CTX* ctx = BN_CTX_new();
  for (std::size_t i = 0; i < 512; ++i) {
    primes.insert(pool.substr(257 * i, 256));
    BIGNUM* prime = nullptr;
    BN_hex2bn(&prime, pool.substr(257 * i, 256).c_str());
    EXPECT_TRUE(BN_is_bit_set(prime, 1023) && BN_is_bit_set(prime, 1022)) << i;
    EXPECT_NE(BN_mod_word(prime, 65537), 1U) << i;
    if (i % 64 == 0) {
      EXPECT_EQ(BN_check_prime(prime, ctx, nullptr), 1) << i;
    }
    BN_free(prime);
  }
  BN_CTX_free(ctx);
  EXPECT_EQ(primes.size(), 512U);
}

TEST(Keys, a_p384_key_signs_with_r_and_s_of_48_bytes_each) {
  Rng a(7, "ec"), again(7, "ec");
  const auto key = KeyPair::p384(a), same = KeyPair::p384(again);
  ASSERT_TRUE(key.ok() && same.ok());
  EXPECT_EQ(key->private_pem(), same->private_pem());
  const Bytes hash = sha384("00112233"_hex);
  const auto signature = key->sign_ecdsa_hash(hash);
  ASSERT_TRUE(signature.ok());
  ASSERT_EQ(signature->size(), 96U);
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(signature->data(), 48, nullptr),
                 BN_bin2bn(signature->data() + 48, 48, nullptr));
  std::uint8_t* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  EVP_PKEY_CTX* ctx = EVP_PKEY_CTX_new(key->get(), nullptr);
  ASSERT_EQ(EVP_PKEY_verify_init(ctx), 1);
  EXPECT_EQ(EVP_PKEY_verify(ctx, der, static_cast<std::size_t>(size), hash.data(), hash.size()), 1);
  EVP_PKEY_CTX_free(ctx);
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
}

TEST(Keys, a_private_key_survives_pem_and_other_text_is_refused) {
  for (const bool rsa : {true, false}) {
    Rng rng(7, "pem");
    const auto key = rsa ? KeyPair::rsa(rng) : KeyPair::p384(rng);
    ASSERT_TRUE(key.ok());
    const auto again = KeyPair::from_private_pem(key->private_pem());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->public_der(), key->public_der());
  }
  EXPECT_EQ(KeyPair::from_private_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n").error().code(), Code::kCorrupt);
  EXPECT_EQ(KeyPair::from_private_pem("").error().code(), Code::kCorrupt);
}

TEST(Keys, what_was_encrypted_for_a_key_is_decrypted_by_it_alone) {
  Rng a(7, "a"), b(7, "b");
  const auto key = KeyPair::rsa(a), other = KeyPair::rsa(b);
  ASSERT_TRUE(key.ok() && other.ok());
  const Bytes message = "0011223344"_hex;
  const auto cryptogram = key->encrypt_oaep_sha256(message);
  ASSERT_TRUE(cryptogram.ok());
  EXPECT_EQ(key->decrypt_oaep_sha256(*cryptogram).value(), message);
  EXPECT_FALSE(other->decrypt_oaep_sha256(*cryptogram).ok());
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
