// What the eligibility server answers, apart from the network: request in, answer out. Challenges are single
// use and end by the clock passed in. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/rng.h>
#include <shogo/sim/certificate_check.h>
#include <shogo/sim/person_register.h>
#include <shogo/sim/update_shelf.h>

namespace shogo::sim {

struct DeskAnswer {
  int http_status = 200;
  boost::json::object body;
  std::optional<Bytes> file;       ///< instead of the body: a package, byte for byte
  std::string outcome;             ///< "challenge", "eligible", …, or the error's word: for the request log
  std::string certificate_serial;  ///< when the request carried a certificate
  bool signature_ok = false;
};

class EligibilityDesk {
 public:
  /// `clock` must outlive the desk. The seed decides every challenge.
  EligibilityDesk(PersonRegister people, CertificateCheck check, const Clock& clock, std::uint64_t seed,
                  Nanoseconds challenge_life);

  [[nodiscard]] DeskAnswer answer(std::string_view method, std::string_view path, std::string_view body);
  [[nodiscard]] PersonRegister& people() { return people_; }
  [[nodiscard]] UpdateShelf& updates() { return updates_; }

 private:
  struct Challenge {
    Bytes bytes;
    Nanoseconds ends;
  };
  enum class Purpose { kEligibility, kRegistration };

  DeskAnswer offered(std::string_view method, std::string_view path) const;
  DeskAnswer new_challenge();
  DeskAnswer authenticate(std::string_view body, Purpose purpose);
  DeskAnswer decide(const CertificateFinding& finding, Purpose purpose);
  /// Takes the challenge away whatever comes of it: a second use finds nothing.
  Bytes redeem(const std::string& challenge_id);
  void forget_ended();

  PersonRegister people_;
  CertificateCheck check_;
  UpdateShelf updates_;
  const Clock& clock_;
  Nanoseconds challenge_life_;
  std::mutex mutex_;
  Rng rng_;
  std::map<std::string, Challenge> challenges_;
  std::uint64_t receipts_ = 0;
};

}  // namespace shogo::sim
