// The eligibility server (オンライン資格確認等システム) of the bench: HTTPS with mutual TLS on a loopback
// port. *Synthetic*: the real system's wire format is not public; docs/eligibility-server.md describes ours.
// The server runs on a thread of its own from start() to the destructor; every function may be called from
// any thread except out of the `on_request` callback.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/sim/certificate_check.h>
#include <shogo/sim/person_register.h>

namespace shogo::sim {

/// One line of the request log: what the judges of 3-14 trust, because the device has no hand in it.
struct RequestRecord {
  Nanoseconds at{0};   ///< monotonic time of the server's clock
  std::string client;  ///< common name of the client's certificate; empty when TLS refused it
  std::string method;
  std::string path;
  int http_status = 0;  ///< 0: no answer was sent
  std::string outcome;  ///< "challenge", "eligible", "revoked", "bad_signature", "tls_refused", …
  std::string certificate_serial;  ///< of the card's certificate, upper-case hex
  bool signature_ok = false;
};

enum class ServerFault {
  kNone,
  kRefused,  ///< connections are refused, as with a machine that is up and a service that is down
  kClosed,   ///< connections are accepted and closed at once
  kSlow,     ///< answers come late: see set_fault
  kError500,
  kWrongTls,  ///< shows a certificate that is no server's: impostor_cert_pem
};
[[nodiscard]] std::string_view to_string(ServerFault fault);

class EligibilityServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  ///< 0: any free one
    std::filesystem::path server_cert_pem;
    std::filesystem::path server_key_pem;
    std::filesystem::path impostor_cert_pem;  ///< for kWrongTls; empty: that fault is kClosed
    std::filesystem::path impostor_key_pem;
    std::filesystem::path client_ca_pem;     ///< who may be a clinic
    std::filesystem::path user_auth_ca_pem;  ///< who issues the cards' user-authentication certificates
    CertificateCheck::AskStatus ask_status;  ///< of its certificates; empty: nobody is asked
    std::filesystem::path database = ":memory:";
    std::uint64_t seed = 0;
    Nanoseconds challenge_life = std::chrono::seconds{60};
    std::function<void(const RequestRecord&)> on_request;  ///< from the server's thread; must not block
  };

  /// `clock` gives challenges their end and certificates their date; it must outlive the server.
  static Result<std::unique_ptr<EligibilityServer>> start(Options options, const Clock& clock);
  ~EligibilityServer();

  [[nodiscard]] std::string url() const;  ///< "https://127.0.0.1:PORT", the same through every fault
  [[nodiscard]] Result<void> add_person(const Person& person);
  [[nodiscard]] Result<void> set_state(std::string_view certificate_serial, PersonState state);
  [[nodiscard]] Result<std::optional<Person>> person(std::string_view certificate_serial) const;

  /// Offers an update package as it is, sound or not; returns its SHA-256 (docs/updates.md).
  std::string offer_update(Bytes package);
  void withdraw_updates();

  /// In force for every connection when the call returns; kRefused and kClosed also end the open ones.
  /// `delay` is real time: the client that waits for it lives outside the bench.
  void set_fault(ServerFault fault, milliseconds delay = milliseconds{0});
  [[nodiscard]] std::vector<RequestRecord> requests() const;

 private:
  struct Impl;
  explicit EligibilityServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
