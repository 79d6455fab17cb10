// Certificate revocation lists (RFC 5280 section 5) of the synthetic authorities.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <shogo/sim/test_pki.h>

namespace shogo::sim {

/// RFC 5280 5.3.1, those that a certificate holder's life brings.
enum class RevocationReason {
  kUnspecified = 0,
  kKeyCompromise = 1,
  kAffiliationChanged = 3,
  kSuperseded = 4,
  kCessation = 5,
  kHold = 6,
};
/// "key_compromise" and the like; the error lists all of them.
[[nodiscard]] Result<RevocationReason> parse_reason(std::string_view word);

struct Revocation {
  std::string serial_hex;
  RevocationReason reason = RevocationReason::kUnspecified;
  Nanoseconds when{};  ///< civil time, as Clock::wall_now()
};

/// Version 2, signed with SHA-256, list number 1. Repeatable: PKCS #1 v1.5.
[[nodiscard]] Result<std::string> revocation_list_pem(const Identity& authority,
                                                      const std::vector<Revocation>& revoked,
                                                      Nanoseconds this_update, Nanoseconds next_update);
[[nodiscard]] Result<Bytes> revocation_list_der(const Identity& authority,
                                                const std::vector<Revocation>& revoked,
                                                Nanoseconds this_update, Nanoseconds next_update);
/// What a list of `authority` holds. A reason that is none of ours becomes kUnspecified. kCorrupt: no list in
/// PEM, or of somebody else.
[[nodiscard]] Result<std::vector<Revocation>> read_revocation_list(std::string_view pem,
                                                                   const Certificate& authority);

}  // namespace shogo::sim
