#include "openssl_handles.h"
#include <vector>

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <shogo/sim/keys.h>

namespace shogo::sim {
namespace {

constexpr unsigned long kPublicExponent = 65537;

/// A prime of exactly `bits` bits with the two highest bits set (so that a product of two has 2*bits) and
/// p mod e != 1 (so that e is invertible). OpenSSL's own search would draw from its own generator, so the
/// candidates come from ours and OpenSSL only judges them.
BnPtr find_prime(Rng& rng, int bits, BN_CTX* ctx) {
  Bytes candidate(static_cast<std::size_t>(bits) / 8);
  for (;;) {
    rng.fill(candidate);
    candidate.front() |= 0xC0;
    candidate.back() |= 0x01;
    BnPtr p(BN_bin2bn(candidate.data(), static_cast<int>(candidate.size()), nullptr));
    if (!p) return nullptr;
    if (BN_mod_word(p.get(), kPublicExponent) == 1) continue;
    const int prime = BN_check_prime(p.get(), ctx, nullptr);
    if (prime == 1) return p;
    if (prime < 0) return nullptr;
  }
}

EVP_PKEY* key_from(const char* type, OSSL_PARAM_BLD* builder) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder));
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !ctx || EVP_PKEY_fromdata_init(ctx.get()) <= 0 ||
      EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_KEYPAIR, params.get()) <= 0)
    return nullptr;
  return key;
}

Result<Bytes> sign_with(EVP_PKEY* key, ByteView input, int padding, const EVP_MD* digest) {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new(key, nullptr));
  if (!ctx || EVP_PKEY_sign_init(ctx.get()) <= 0 || EVP_PKEY_CTX_set_rsa_padding(ctx.get(), padding) <= 0)
    return openssl_error("preparing an RSA signature");
  if (digest != nullptr && EVP_PKEY_CTX_set_signature_md(ctx.get(), digest) <= 0)
    return openssl_error("choosing the hash of a signature");
  if (padding == RSA_PKCS1_PSS_PADDING &&
      EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx.get(), RSA_PSS_SALTLEN_DIGEST) <= 0)
    return openssl_error("choosing the salt of a signature");
  std::size_t size = 0;
  if (EVP_PKEY_sign(ctx.get(), nullptr, &size, input.data(), input.size()) <= 0)
    return openssl_error("sizing an RSA signature");
  Bytes signature(size);
  if (EVP_PKEY_sign(ctx.get(), signature.data(), &size, input.data(), input.size()) <= 0)
    return openssl_error("RSA signature");
  signature.resize(size);
  return signature;
}

}  // namespace

Result<KeyPair> KeyPair::rsa(Rng& rng, int bits) {
  const BnCtxPtr ctx(BN_CTX_new());
  BnPtr p = find_prime(rng, bits / 2, ctx.get());
  BnPtr q = find_prime(rng, bits / 2, ctx.get());
  if (!p || !q) return openssl_error("search for a prime");
  if (BN_cmp(p.get(), q.get()) < 0) p.swap(q);

  const BnPtr n(BN_new()), e(BN_new()), d(BN_new()), p1(BN_dup(p.get())), q1(BN_dup(q.get())), gcd(BN_new()),
      lcm(BN_new()), dp(BN_new()), dq(BN_new()), qi(BN_new());
  // FIPS 186-4 B.3.1: d = e^-1 mod lcm(p-1, q-1).
  const bool made =
      BN_set_word(e.get(), kPublicExponent) && BN_sub_word(p1.get(), 1) && BN_sub_word(q1.get(), 1) &&
      BN_mul(n.get(), p.get(), q.get(), ctx.get()) && BN_gcd(gcd.get(), p1.get(), q1.get(), ctx.get()) &&
      BN_mul(lcm.get(), p1.get(), q1.get(), ctx.get()) &&
      BN_div(lcm.get(), nullptr, lcm.get(), gcd.get(), ctx.get()) &&
      BN_mod_inverse(d.get(), e.get(), lcm.get(), ctx.get()) != nullptr &&
      BN_mod(dp.get(), d.get(), p1.get(), ctx.get()) && BN_mod(dq.get(), d.get(), q1.get(), ctx.get()) &&
      BN_mod_inverse(qi.get(), q.get(), p.get(), ctx.get()) != nullptr;
  if (!made) return openssl_error("computing an RSA key");

  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  const auto push = [&](const char* name, const BnPtr& value) {
    return OSSL_PARAM_BLD_push_BN(builder.get(), name, value.get()) == 1;
  };
  if (!push(OSSL_PKEY_PARAM_RSA_N, n) || !push(OSSL_PKEY_PARAM_RSA_E, e) || !push(OSSL_PKEY_PARAM_RSA_D, d) ||
      !push(OSSL_PKEY_PARAM_RSA_FACTOR1, p) || !push(OSSL_PKEY_PARAM_RSA_FACTOR2, q) ||
      !push(OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) || !push(OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) ||
      !push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi))
    return openssl_error("describing an RSA key");
  EVP_PKEY* key = key_from("RSA", builder.get());
  if (key == nullptr) return openssl_error("building an RSA key");
  return KeyPair(key);
}

Result<KeyPair> KeyPair::p256(Rng& rng) {
  const GroupPtr group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (!group) return openssl_error("P-256");
  Bytes scalar(32);
  BnPtr d;
  do {  // FIPS 186-4 B.4.2: draw again until 1 <= d < n.
    rng.fill(scalar);
    d.reset(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
  } while (d && (BN_is_zero(d.get()) || BN_cmp(d.get(), EC_GROUP_get0_order(group.get())) >= 0));
  const PointPtr point(EC_POINT_new(group.get()));
  Bytes encoded(65);
  if (!d || !point || EC_POINT_mul(group.get(), point.get(), d.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                         encoded.size(), nullptr) != encoded.size())
    return openssl_error("computing a P-256 key");
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                       encoded.size()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get()) != 1)
    return openssl_error("describing a P-256 key");
  EVP_PKEY* key = key_from("EC", builder.get());
  if (key == nullptr) return openssl_error("building a P-256 key");
  return KeyPair(key);
}

bool KeyPair::is_rsa() const {
  return EVP_PKEY_is_a(key_.get(), "RSA") == 1;
}

Bytes KeyPair::modulus() const {
  BIGNUM* n = nullptr;
  if (EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &n) != 1) return {};
  const BnPtr owner(n);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(n)));
  BN_bn2bin(n, bytes.data());
  return bytes;
}

Bytes KeyPair::public_der() const {
  std::uint8_t* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  Bytes bytes;
  if (size > 0) bytes.assign(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::string KeyPair::private_pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return bio_text(bio.get());
}

Result<Bytes> KeyPair::sign_pkcs1_raw(ByteView encoded) const {
  return sign_with(key_.get(), encoded, RSA_PKCS1_PADDING, nullptr);
}

Result<Bytes> KeyPair::sign_sha256(ByteView message) const {
  return sign_with(key_.get(), sha256(message), RSA_PKCS1_PADDING, EVP_sha256());
}

Result<Bytes> KeyPair::sign_pss_sha256_hash(ByteView hash) const {
  return sign_with(key_.get(), hash, RSA_PKCS1_PSS_PADDING, EVP_sha256());
}

Bytes sha256_digest_info(ByteView hash) {
  Bytes out = "3031300D060960864801650304020105000420"_hex;
  append(out, hash);
  return out;
}

}  // namespace shogo::sim
