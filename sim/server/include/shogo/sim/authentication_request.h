// The body of POST /v1/eligibility and POST /v1/registration, taken apart. Pure; eats network bytes, so it
// is fuzzed. docs/eligibility-server.md describes the wire format, which is synthetic: ours alone.
#pragma once

#include <string>
#include <string_view>

#include <shogo/base/bytes.h>

namespace shogo::sim {

/// An RSA-2048 signature and an X.509 certificate with room to spare.
constexpr std::size_t kMaxCertificate = 8'192;
constexpr std::size_t kMaxSignature = 512;
/// Largest request body the server reads.
constexpr std::size_t kMaxBody = 16'384;

struct AuthenticationRequest {
  std::string challenge_id;
  Bytes certificate;  ///< DER
  Bytes signature;
};

/// Every error is fit for the peer: it says which field was expected to be what.
[[nodiscard]] Result<AuthenticationRequest> parse_authentication_request(std::string_view body);

}  // namespace shogo::sim
