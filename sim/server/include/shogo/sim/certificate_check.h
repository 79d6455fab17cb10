// What a user-authentication certificate and a signature made with its key prove. Pure apart from reading the
// trusted CA once. Thread-safe after construction.
#pragma once

#include <filesystem>
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
};

struct CertificateFinding {
  CertificateVerdict verdict = CertificateVerdict::kMalformed;
  std::string serial;         ///< upper-case hex; empty when malformed
  bool signature_ok = false;  ///< RSA PKCS#1 v1.5 with SHA-256 over the challenge
  Nanoseconds valid_until{};  ///< notAfter, civil time; zero when malformed
};

class CertificateCheck {
 public:
  /// The PEM file may hold several CA certificates.
  static Result<CertificateCheck> open(const std::filesystem::path& user_auth_ca_pem);
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
