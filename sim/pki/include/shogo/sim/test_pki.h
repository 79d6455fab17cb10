// The synthetic trust hierarchy of the bench. Nothing in it descends from or resembles a real root: every
// name says SHOGO-SYNTHETIC. One seed = the same keys and the same certificates byte for byte.
//
//   user-authentication CA ── user authentication certificates on cards (利用者証明用)
//   signature CA           ── signature certificates on cards (署名用)
//   TLS CA                 ── eligibility server (127.0.0.1, localhost, eligibility.bench.test), clinic PC
//   (client)
//
// A TestPki is immutable after create(); its functions may be called from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <shogo/base/clock.h>
#include <shogo/sim/certificate.h>
#include <shogo/sim/keys.h>

namespace shogo::sim {

struct Validity {
  Nanoseconds not_before;  ///< civil time, as Clock::wall_now()
  Nanoseconds not_after;
};

struct Identity {
  KeyPair key;
  Certificate certificate;
};

/// Where write_pem_files() put what. Private keys are readable for their owner only.
struct PemFiles {
  std::filesystem::path user_authentication_ca;
  std::filesystem::path signature_ca;
  std::filesystem::path tls_ca;
  std::filesystem::path server_certificate;
  std::filesystem::path server_key;
  std::filesystem::path clinic_certificate;
  std::filesystem::path clinic_key;
};

/// What a signature certificate says about its holder. Synthetic people only.
struct SignatureHolder {
  std::string name;
  std::string address;
  std::string birth_date;  ///< YYYYMMDD
  char sex = '0';          ///< as on the card: 1 male, 2 female, 9 not applicable, 0 unknown
};

/// The authority NAME.pem and NAME.key of a folder that write_pem_files() and write_authority_keys() filled.
[[nodiscard]] Result<Identity> read_authority(const std::filesystem::path& folder, const std::string& name);

class TestPki {
 public:
  static Result<TestPki> create(std::uint64_t seed);

  /// `person` names the random stream: the same person of the same seed keeps the same key pair. The subject
  /// is an opaque string, as on real cards. `p384`: an elliptic-curve key, as announced for the next card.
  [[nodiscard]] Result<Identity> issue_user_authentication(const std::string& person, std::uint64_t serial,
                                                           const Validity& validity, bool p384 = false) const;
  [[nodiscard]] Result<Identity> issue_signature(const std::string& person, const SignatureHolder& holder,
                                                 std::uint64_t serial, const Validity& validity,
                                                 bool p384 = false) const;

  [[nodiscard]] const Identity& user_authentication_ca() const { return user_authentication_ca_; }
  [[nodiscard]] const Identity& signature_ca() const { return signature_ca_; }
  [[nodiscard]] const Identity& tls_ca() const { return tls_ca_; }
  [[nodiscard]] const Identity& server() const { return server_; }
  [[nodiscard]] const Identity& clinic() const { return clinic_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

  [[nodiscard]] Result<PemFiles> write_pem_files(const std::filesystem::path& folder) const;
  /// user-authentication-ca.key, signature-ca.key, tls-ca.key: for people who sign something themselves. A
  /// bench never leaves them where a device could find them.
  Result<void> write_authority_keys(const std::filesystem::path& folder) const;

 private:
  TestPki(std::uint64_t seed, Identity user_authentication_ca, Identity signature_ca, Identity tls_ca,
          Identity server, Identity clinic)
      : seed_(seed),
        user_authentication_ca_(std::move(user_authentication_ca)),
        signature_ca_(std::move(signature_ca)),
        tls_ca_(std::move(tls_ca)),
        server_(std::move(server)),
        clinic_(std::move(clinic)) {}
  std::uint64_t seed_;
  Identity user_authentication_ca_;
  Identity signature_ca_;
  Identity tls_ca_;
  Identity server_;
  Identity clinic_;
};

}  // namespace shogo::sim
