// Online certificate status (RFC 6960) of the synthetic authorities: the responder that answers requests, and
// the two ends of a query. Everything works on DER bytes; who carries them is somebody else's business.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <shogo/sim/revocation.h>
#include <shogo/sim/test_pki.h>

namespace shogo::sim {

/// Knows which certificates of one authority are revoked. Thread-safe.
class OcspResponder {
 public:
  /// `authority` must outlive the responder; it signs the answers itself (6960 2.2). `now` gives civil time,
  /// as Clock::wall_now().
  OcspResponder(const Identity& authority, std::function<Nanoseconds()> now);

  /// The same serial again replaces reason and time.
  void revoke(const Revocation& one);
  /// Takes a revocation back, as after a hold. Nothing happens when there is none.
  void release(const std::string& serial_hex);
  [[nodiscard]] std::vector<Revocation> revoked() const;

  /// An OCSPResponse in DER: good, revoked with reason and time, unknown for other authorities'
  /// certificates, or malformedRequest. Good for a day. A nonce is repeated. The same question at the same
  /// second gets the same bytes (PKCS #1 v1.5).
  [[nodiscard]] Bytes answer(ByteView request) const;
  /// The same knowledge as a revocation list in DER, good for a week.
  [[nodiscard]] Result<Bytes> list_der() const;

 private:
  const Identity& authority_;
  std::function<Nanoseconds()> now_;
  mutable std::mutex mutex_;
  std::map<std::string, Revocation> revoked_;  ///< by serial, upper-case hex
};

enum class CertificateStatus { kGood, kRevoked, kUnknown };

struct StatusAnswer {
  CertificateStatus status = CertificateStatus::kUnknown;
  RevocationReason reason = RevocationReason::kUnspecified;  ///< of a revoked one
};

/// Asks about one certificate.
[[nodiscard]] Result<Bytes> ocsp_request(const Certificate& certificate, const Certificate& issuer);
/// What the responder says about it. Fails when the answer is no answer, is not signed by the issuer, is
/// about another certificate, or is not of this time.
[[nodiscard]] Result<StatusAnswer> read_ocsp_answer(ByteView response, const Certificate& certificate,
                                                    const Certificate& issuer, Nanoseconds now);

}  // namespace shogo::sim
