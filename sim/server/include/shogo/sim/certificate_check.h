// What a user-authentication certificate and a signature made with its key prove. Pure apart from reading the
// trusted CA once. Thread-safe after construction.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>

namespace shogo::sim {

enum class CertificateVerdict {
  kGood,
  kMalformed,    ///< not DER X.509
  kUntrusted,    ///< does not lead to the user-authentication CA, or is not meant for signing a challenge
  kNotYetValid,  ///< the scenario's date lies before notBefore
  kExpired,      ///< the scenario's date lies after notAfter
  kRevoked,      ///< so its authority's status responder says (RFC 6960)
  kStatusOpen,   ///< the responder could not be asked, or its answer is none
};

struct CertificateFinding {
  CertificateVerdict verdict = CertificateVerdict::kMalformed;
  std::string serial;  ///< upper-case hex; empty when malformed
  bool signature_ok =
      false;  ///< over the challenge: RSA PKCS#1 v1.5 with SHA-256, or ECDSA P-384 with SHA-384
  Nanoseconds valid_until{};  ///< notAfter, civil time; zero when malformed
};

class CertificateCheck {
 public:
  /// Carries an OCSP request to the authority's responder and its answer back.
  using AskStatus = std::function<Result<Bytes>(ByteView request)>;
  /// The PEM file may hold several CA certificates; the first one's responder is asked. Without `ask` nothing
  /// is known of revocations.
  static Result<CertificateCheck> open(const std::filesystem::path& user_auth_ca_pem, AskStatus ask = {});
  ~CertificateCheck();
  CertificateCheck(CertificateCheck&&) noexcept;
  CertificateCheck& operator=(CertificateCheck&&) noexcept;

  [[nodiscard]] CertificateFinding judge(ByteView certificate_der, ByteView challenge, ByteView signature,
                                         Nanoseconds wall) const;

 private:
  struct Impl;
  explicit CertificateCheck(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
