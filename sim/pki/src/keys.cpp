#include "openssl_handles.h"
#include <vector>

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <shogo/base/embedded.h>
#include <shogo/sim/keys.h>

namespace shogo::embedded_shogo_sim_pki {
std::span<const EmbeddedFile> files();
}

namespace shogo::sim {
namespace {

constexpr unsigned long kPublicExponent = 65537;
constexpr std::size_t kPoolSize = 512, kPrimeDigits = 256;

/// One of the pool's primes: 1024 bits, the two highest set (so that a product of two has 2048), p mod e != 1
/// (so that e is invertible). data/README says how they were found.
BnPtr pool_prime(std::size_t index) {
  static const std::string_view pool = *find_embedded(embedded_shogo_sim_pki::files(), "data/primes.hex");
  const std::string line(pool.substr(index * (kPrimeDigits + 1), kPrimeDigits));
  BIGNUM* prime = nullptr;
  if (BN_hex2bn(&prime, line.c_str()) != static_cast<int>(kPrimeDigits)) return nullptr;
  return BnPtr(prime);
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

Result<EVP_PKEY*> curve_key(Rng& rng, int curve, const char* name, std::size_t size) {
  const GroupPtr group(EC_GROUP_new_by_curve_name(curve));
  if (!group) return openssl_error(name);
  Bytes scalar(size);
  BnPtr d;
  do {  // FIPS 186-4 B.4.2: draw again until 1 <= d < n.
    rng.fill(scalar);
    d.reset(BN_bin2bn(scalar.data(), static_cast<int>(scalar.size()), nullptr));
  } while (d && (BN_is_zero(d.get()) || BN_cmp(d.get(), EC_GROUP_get0_order(group.get())) >= 0));
  const PointPtr point(EC_POINT_new(group.get()));
  Bytes encoded(1 + 2 * size);
  if (!d || !point || EC_POINT_mul(group.get(), point.get(), d.get(), nullptr, nullptr, nullptr) != 1 ||
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                         encoded.size(), nullptr) != encoded.size())
    return openssl_error("computing a key on a curve");
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                       encoded.size()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get()) != 1)
    return openssl_error("describing a key on a curve");
  EVP_PKEY* key = key_from("EC", builder.get());
  if (key == nullptr) return openssl_error("building a key on a curve");
  return key;
}

enum class Direction { kEncrypt, kDecrypt };

Result<Bytes> oaep_sha256(EVP_PKEY* key, Direction direction, ByteView input) {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new(key, nullptr));
  const bool encrypts = direction == Direction::kEncrypt;
  const auto begin = encrypts ? EVP_PKEY_encrypt_init : EVP_PKEY_decrypt_init;
  const auto run = encrypts ? EVP_PKEY_encrypt : EVP_PKEY_decrypt;
  std::size_t size = 0;
  if (!ctx || begin(ctx.get()) <= 0 || EVP_PKEY_CTX_set_rsa_padding(ctx.get(), RSA_PKCS1_OAEP_PADDING) <= 0 ||
      EVP_PKEY_CTX_set_rsa_oaep_md(ctx.get(), EVP_sha256()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_mgf1_md(ctx.get(), EVP_sha256()) <= 0 ||
      run(ctx.get(), nullptr, &size, input.data(), input.size()) <= 0)
    return openssl_error("preparing RSA-OAEP");
  Bytes out(size);
  if (run(ctx.get(), out.data(), &size, input.data(), input.size()) <= 0) return openssl_error("RSA-OAEP");
  out.resize(size);
  return out;
}

}  // namespace

Result<KeyPair> KeyPair::rsa(Rng& rng) {
  const BnCtxPtr ctx(BN_CTX_new());
  const auto first = static_cast<std::size_t>(rng.below(kPoolSize));
  auto second = static_cast<std::size_t>(rng.below(kPoolSize - 1));
  if (second >= first) ++second;
  BnPtr p = pool_prime(first);
  BnPtr q = pool_prime(second);
  if (!p || !q) return openssl_error("reading the pool of primes");
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
  SHOGO_TRY(EVP_PKEY * key, curve_key(rng, NID_X9_62_prime256v1, "prime256v1", 32));
  return KeyPair(key);
}

Result<KeyPair> KeyPair::p384(Rng& rng) {
  SHOGO_TRY(EVP_PKEY * key, curve_key(rng, NID_secp384r1, "secp384r1", 48));
  return KeyPair(key);
}

Result<KeyPair> KeyPair::from_private_pem(std::string_view pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // The callback refuses: an encrypted key must not ask for a password at the terminal.
  EVP_PKEY* key = PEM_read_bio_PrivateKey(
      bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr);
  if (key == nullptr) {
    ERR_clear_error();
    return Error{Code::kCorrupt, "not an unencrypted private key in PEM"};
  }
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

Result<Bytes> KeyPair::sign_ecdsa_hash(ByteView hash) const {
  const PkeyCtxPtr ctx(EVP_PKEY_CTX_new(key_.get(), nullptr));
  std::size_t size = 0;
  if (!ctx || EVP_PKEY_sign_init(ctx.get()) <= 0 ||
      EVP_PKEY_sign(ctx.get(), nullptr, &size, hash.data(), hash.size()) <= 0)
    return openssl_error("preparing an ECDSA signature");
  Bytes der(size);
  if (EVP_PKEY_sign(ctx.get(), der.data(), &size, hash.data(), hash.size()) <= 0)
    return openssl_error("ECDSA signature");
  const std::uint8_t* at = der.data();
  const EcdsaSignaturePtr pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  const int half = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
  Bytes out(2 * static_cast<std::size_t>(half));
  if (!pair || BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), half) != half ||
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + half, half) != half)
    return openssl_error("taking an ECDSA signature apart");
  return out;
}

Result<Bytes> KeyPair::decrypt_oaep_sha256(ByteView cryptogram) const {
  return oaep_sha256(key_.get(), Direction::kDecrypt, cryptogram);
}

Result<Bytes> KeyPair::encrypt_oaep_sha256(ByteView message) const {
  return oaep_sha256(key_.get(), Direction::kEncrypt, message);
}

bool rsa_verifies_sha256(ByteView modulus, ByteView message, ByteView signature) {
  struct ClearErrors {
    ~ClearErrors() { ERR_clear_error(); }
  } const clear_errors;
  const BnPtr n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr)), e(BN_new());
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_set_word(e.get(), kPublicExponent) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return false;
  const std::unique_ptr<OSSL_PARAM, FreeWith<OSSL_PARAM_free>> parameters(
      OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr maker(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || !maker || EVP_PKEY_fromdata_init(maker.get()) <= 0 ||
      EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) <= 0)
    return false;
  const std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>> key(made);
  const PkeyCtxPtr check(EVP_PKEY_CTX_new(key.get(), nullptr));
  const Bytes hash = sha256(message);
  return check && EVP_PKEY_verify_init(check.get()) > 0 &&
         EVP_PKEY_CTX_set_rsa_padding(check.get(), RSA_PKCS1_PADDING) > 0 &&
         EVP_PKEY_CTX_set_signature_md(check.get(), EVP_sha256()) > 0 &&
         EVP_PKEY_verify(check.get(), signature.data(), signature.size(), hash.data(), hash.size()) == 1;
}

Bytes sha384(ByteView bytes) {
  Bytes out(48);
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, EVP_sha384(), nullptr);
  return out;
}

Bytes sha256_digest_info(ByteView hash) {
  Bytes out = "3031300D060960864801650304020105000420"_hex;
  append(out, hash);
  return out;
}

}  // namespace shogo::sim
