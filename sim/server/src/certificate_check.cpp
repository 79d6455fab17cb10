#include <algorithm>
#include <ctime>
#include <optional>

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <shogo/base/file.h>
#include <shogo/sim/certificate_check.h>
#include <shogo/sim/ocsp.h>

namespace shogo::sim {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Deleter<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, Deleter<X509_STORE_CTX_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using EcdsaPtr = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, Deleter<BN_free>>;

std::string serial_of(const X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (number == nullptr) return {};
  char* hex = BN_bn2hex(number.get());
  std::string text = hex == nullptr ? std::string() : std::string(hex);
  OPENSSL_free(hex);
  return text;
}

bool signs_challenges(X509* certificate) {
  const std::uint32_t usage = X509_get_key_usage(certificate);  // all bits set when the extension is absent
  const bool is_ca = X509_check_ca(certificate) != 0;
  return (usage & KU_DIGITAL_SIGNATURE) != 0 && !is_ca;
}

/// Chain only. Dates come later, so that "expired" is never said of a certificate that is a forgery as well.
bool leads_to(X509_STORE* store, X509* certificate) {
  const StoreContextPtr context(X509_STORE_CTX_new());
  if (context == nullptr || X509_STORE_CTX_init(context.get(), store, certificate, nullptr) != 1)
    return false;
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME);
  return X509_verify_cert(context.get()) == 1;
}

/// r and s, 48 bytes each, as the next card answers them; OpenSSL wants them as DER.
Bytes ecdsa_der(ByteView signature) {
  constexpr std::size_t kHalf = 48;
  if (signature.size() != 2 * kHalf) return {};
  const EcdsaPtr pair(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(signature.data(), kHalf, nullptr);
  BIGNUM* s = BN_bin2bn(signature.data() + kHalf, kHalf, nullptr);
  if (pair == nullptr || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  Bytes der(static_cast<std::size_t>(std::max(0, i2d_ECDSA_SIG(pair.get(), nullptr))));
  unsigned char* at = der.data();
  if (der.empty() || i2d_ECDSA_SIG(pair.get(), &at) <= 0) return {};
  return der;
}

bool verifies(X509* certificate, ByteView challenge, ByteView signature) {
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) return false;
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    // The next card (*synthetic*): P-384, and no smaller curve.
    const Bytes der = EVP_PKEY_get_bits(key) == 384 ? ecdsa_der(signature) : Bytes();
    const DigestPtr digest(EVP_MD_CTX_new());
    return !der.empty() && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha384(), nullptr, key) == 1 &&
           EVP_DigestVerify(digest.get(), der.data(), der.size(), challenge.data(), challenge.size()) == 1;
  }
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return false;
  const DigestPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr, key) != 1) return false;
  if (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PADDING) != 1) return false;
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), challenge.data(),
                          challenge.size()) == 1;
}

}  // namespace

struct CertificateCheck::Impl {
  StorePtr store;
  std::optional<Certificate> issuer;
  AskStatus ask;

  /// Good, revoked or open, of a certificate whose chain, signature and dates are in order.
  [[nodiscard]] CertificateVerdict status_of(ByteView certificate_der, Nanoseconds wall) const;
};

CertificateVerdict CertificateCheck::Impl::status_of(ByteView certificate_der, Nanoseconds wall) const {
  const auto certificate = Certificate::from_der(certificate_der);
  const auto request = certificate.ok() ? ocsp_request(*certificate, *issuer) : certificate.error();
  const auto response = request.ok() ? ask(*request) : request.error();
  const auto answer = response.ok() ? read_ocsp_answer(*response, *certificate, *issuer, wall)
                                    : Result<StatusAnswer>(response.error());
  if (!answer.ok() || answer->status == CertificateStatus::kUnknown) return CertificateVerdict::kStatusOpen;
  return answer->status == CertificateStatus::kRevoked ? CertificateVerdict::kRevoked
                                                       : CertificateVerdict::kGood;
}

CertificateCheck::CertificateCheck(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateCheck::~CertificateCheck() = default;
CertificateCheck::CertificateCheck(CertificateCheck&&) noexcept = default;
CertificateCheck& CertificateCheck::operator=(CertificateCheck&&) noexcept = default;

Result<CertificateCheck> CertificateCheck::open(const std::filesystem::path& user_auth_ca_pem,
                                                AskStatus ask) {
  auto impl = std::make_unique<Impl>();
  impl->store.reset(X509_STORE_new());
  if (impl->store == nullptr ||
      X509_STORE_load_locations(impl->store.get(), user_auth_ca_pem.c_str(), nullptr) != 1)
    return Error{Code::kInvalid,
                 fmt::format("cannot read the user-authentication CA {}", user_auth_ca_pem.string())};
  impl->ask = std::move(ask);
  SHOGO_TRY(const std::string pem, read_text(user_auth_ca_pem));
  const std::unique_ptr<BIO, Deleter<BIO_free_all>> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  X509* first = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr);
  if (first == nullptr)
    return Error{Code::kInvalid, fmt::format("{} holds no certificate", user_auth_ca_pem.string())};
  impl->issuer.emplace(first);
  return CertificateCheck(std::move(impl));
}

CertificateFinding CertificateCheck::judge(ByteView certificate_der, ByteView challenge, ByteView signature,
                                           Nanoseconds wall) const {
  CertificateFinding finding;
  // A refused certificate must not leave its errors to the next TLS operation of this thread.
  struct ClearErrors {
    ~ClearErrors() { ERR_clear_error(); }
  } const clear_errors;
  const unsigned char* at = certificate_der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(certificate_der.size())));
  if (certificate == nullptr || at != certificate_der.data() + certificate_der.size()) return finding;
  finding.serial = serial_of(certificate.get());
  finding.signature_ok = verifies(certificate.get(), challenge, signature);
  if (std::tm end{}; ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) == 1)
    finding.valid_until = std::chrono::seconds(::timegm(&end));
  if (!leads_to(impl_->store.get(), certificate.get()) || !signs_challenges(certificate.get())) {
    finding.verdict = CertificateVerdict::kUntrusted;
    return finding;
  }
  std::time_t when = static_cast<std::time_t>(std::chrono::duration_cast<std::chrono::seconds>(wall).count());
  // RFC 5280 4.1.2.5 counts both ends in; X509_cmp_time calls equal times "earlier".
  std::time_t second_before = when - 1;
  if (X509_cmp_time(X509_get0_notBefore(certificate.get()), &when) > 0) {
    finding.verdict = CertificateVerdict::kNotYetValid;
  } else if (X509_cmp_time(X509_get0_notAfter(certificate.get()), &second_before) < 0) {
    finding.verdict = CertificateVerdict::kExpired;
  } else {
    finding.verdict = CertificateVerdict::kGood;
  }
  // Nobody is asked about a certificate whose holder has not shown himself, or that has ended by its own
  // date.
  if (impl_->ask && finding.signature_ok && finding.verdict == CertificateVerdict::kGood)
    finding.verdict = impl_->status_of(certificate_der, wall);
  return finding;
}

}  // namespace shogo::sim
