// The status responders and the revocation lists of authorities on one port, over plain HTTP as RFC 6960 A.1
// and RFC 5280 4.2.1.13 have it. Under the path of each authority ("" or "/name"):
//   POST PATH                an OCSP request
//   GET PATH/BASE64          the same, in base64 and percent-encoded
//   GET PATH/crl             the list in DER
// For tools (openssl ocsp) and for devices that ask by themselves. Runs on a thread of its own until
// destroyed. Whatever else is asked gets an HTTP error with a line of text; what is no OCSP request gets
// malformedRequest (6960 2.3).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <shogo/sim/ocsp.h>

namespace shogo::sim {

/// Whether others than this machine can reach who listens there: an address, as in Options. False for what is
/// none.
[[nodiscard]] bool reachable_from_network(const std::string& address);

class RevocationService {
 public:
  struct Authority {
    std::string path;  ///< "" or "/name"
    const OcspResponder* responder;
  };
  struct Options {
    std::string address = "127.0.0.1";  ///< IPv4 or IPv6
    std::uint16_t port = 0;             ///< 0: any free one
  };
  /// The responders must outlive the service. kInvalid: no IP address; kUnavailable: cannot listen there.
  static Result<std::unique_ptr<RevocationService>> start(std::vector<Authority> authorities,
                                                          const Options& options);
  ~RevocationService();
  [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:PORT", without a path

 private:
  struct Impl;
  explicit RevocationService(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
