// The status responder and the revocation list of one authority on a loopback port, over plain HTTP as RFC
// 6960 A.1 and RFC 5280 4.2.1.13 have it: POST / with an OCSP request, GET /crl for the list in DER. For
// tools (openssl ocsp) and for devices that ask by themselves. Runs on a thread of its own until destroyed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <shogo/sim/ocsp.h>

namespace shogo::sim {

class RevocationService {
 public:
  /// `responder` must outlive the service. Port 0: any free one.
  static Result<std::unique_ptr<RevocationService>> start(const OcspResponder& responder,
                                                          std::uint16_t port = 0);
  ~RevocationService();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:PORT"

 private:
  struct Impl;
  explicit RevocationService(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
