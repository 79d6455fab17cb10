#include <map>

#include <fmt/core.h>

#include <shogo/sim/authentication_request.h>
#include <shogo/sim/eligibility_desk.h>
#include <shogo/sim/expiry_notice.h>

namespace shogo::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t kChallengeSize = 32;
constexpr std::size_t kChallengeIdSize = 8;
/// A client that only asks for challenges must not fill the memory.
constexpr std::size_t kMaxOpenChallenges = 4'096;

/// Ids count within their kind: "referral-1".
json::array papers_of(const Person& person) {
  std::map<PaperKind, int> counted;
  json::array papers;
  for (const Paper& paper : person.papers) {
    const std::string_view kind = to_string(paper.kind);
    papers.push_back(
        {{"id", fmt::format("{}-{}", kind, ++counted[paper.kind])}, {"kind", kind}, {"name", paper.name}});
  }
  return papers;
}

DeskAnswer refusal(int status, const char* word, std::string message) {
  DeskAnswer answer;
  answer.http_status = status;
  answer.outcome = word;
  answer.body = {{"error", word}, {"message", std::move(message)}};
  return answer;
}

}  // namespace

EligibilityDesk::EligibilityDesk(PersonRegister people, CertificateCheck check, const Clock& clock,
                                 std::uint64_t seed, Nanoseconds challenge_life)
    : people_(std::move(people)),
      check_(std::move(check)),
      clock_(clock),
      challenge_life_(challenge_life),
      rng_(seed, "eligibility-server.challenge") {}

DeskAnswer EligibilityDesk::answer(std::string_view method, std::string_view path, std::string_view body) {
  if (UpdateShelf::is_path(path)) return offered(method, path);
  const std::string_view expected = path == "/v1/ping" ? "GET" : "POST";
  const bool known = path == "/v1/ping" || path == "/v1/challenge" || path == "/v1/eligibility" ||
                     path == "/v1/registration";
  if (!known)
    return refusal(404, "not_found",
                   "known: /v1/ping, /v1/challenge, /v1/eligibility, /v1/registration, /v1/updates");
  if (method != expected) return refusal(405, "method_not_allowed", fmt::format("use {}", expected));
  if (path == "/v1/ping") {
    DeskAnswer pong;
    pong.outcome = "pong";
    pong.body = {{"service", "shogo-eligibility-server"}, {"synthetic", true}};
    return pong;
  }
  if (path == "/v1/challenge") return new_challenge();
  return authenticate(body, path == "/v1/eligibility" ? Purpose::kEligibility : Purpose::kRegistration);
}

DeskAnswer EligibilityDesk::offered(std::string_view method, std::string_view path) const {
  if (method != "GET") return refusal(405, "method_not_allowed", "use GET");
  DeskAnswer answer;
  if (path == UpdateShelf::kPath) {
    answer.outcome = "updates";
    answer.body = {{"updates", updates_.list()}};
    return answer;
  }
  answer.file = updates_.find(path.substr(UpdateShelf::kPath.size() + 1));
  if (!answer.file) return refusal(404, "not_found", "no update of this SHA-256 is offered; see /v1/updates");
  answer.outcome = "update";
  return answer;
}

DeskAnswer EligibilityDesk::new_challenge() {
  const std::lock_guard lock(mutex_);
  forget_ended();
  if (challenges_.size() >= kMaxOpenChallenges)
    return refusal(429, "too_many_challenges", "too many challenges wait for an answer; try again later");
  Bytes id(kChallengeIdSize);
  rng_.fill(id);
  Challenge challenge{Bytes(kChallengeSize), clock_.now() + challenge_life_};
  rng_.fill(challenge.bytes);
  DeskAnswer answer;
  answer.outcome = "challenge";
  answer.body = {{"challenge_id", to_hex(id)},
                 {"challenge", to_hex(challenge.bytes)},
                 {"expires", format_jst(clock_.wall_now() + challenge_life_)}};
  challenges_.insert_or_assign(to_hex(id), std::move(challenge));
  return answer;
}

DeskAnswer EligibilityDesk::authenticate(std::string_view body, Purpose purpose) {
  const auto request = parse_authentication_request(body);
  if (!request.ok()) return refusal(400, "bad_request", request.error().message());
  const Bytes challenge = redeem(request->challenge_id);
  if (challenge.empty())
    return refusal(409, "challenge_unknown", "the challenge is unknown, used or too old; ask for a new one");
  const CertificateFinding finding =
      check_.judge(request->certificate, challenge, request->signature, clock_.wall_now());
  DeskAnswer answer = decide(finding, purpose);
  answer.certificate_serial = finding.serial;
  answer.signature_ok = finding.signature_ok;
  return answer;
}

DeskAnswer EligibilityDesk::decide(const CertificateFinding& finding, Purpose purpose) {
  if (finding.verdict == CertificateVerdict::kMalformed)
    return refusal(400, "bad_certificate", "\"certificate\" must be one DER X.509 certificate");
  if (finding.verdict == CertificateVerdict::kUntrusted)
    return refusal(403, "untrusted_certificate", "not a user-authentication certificate of the trusted CA");
  // Nothing is said about a person to somebody who cannot sign for that person.
  if (!finding.signature_ok)
    return refusal(403, "bad_signature", "expected RSA PKCS#1 v1.5 with SHA-256 over the challenge");
  if (finding.verdict == CertificateVerdict::kStatusOpen)
    return refusal(503, "status_unavailable", "the certificate's status could not be asked for");
  std::string result = "unknown";
  json::object person_json;
  const auto found = people_.find(finding.serial);
  if (!found.ok()) return refusal(500, "internal", found.error().message());
  const ExpiryNotice notice = expiry_notice(finding.valid_until, clock_.wall_now());
  const bool in_time = finding.verdict == CertificateVerdict::kGood ||
                       (finding.verdict == CertificateVerdict::kExpired && notice == ExpiryNotice::kGrace);
  if (finding.verdict == CertificateVerdict::kExpired && !in_time) {
    result = "expired";
  } else if (finding.verdict == CertificateVerdict::kRevoked) {
    result = "revoked";
  } else if (in_time && found->has_value()) {
    Person person = **found;
    if (purpose == Purpose::kRegistration && person.state == PersonState::kNotRegistered) {
      person.state = PersonState::kEligible;
      if (const auto stored = people_.set_state(finding.serial, person.state); !stored.ok())
        return refusal(500, "internal", stored.error().message());
    }
    result = to_string(person.state);
    if (person.state == PersonState::kEligible)
      person_json = {{"name", person.name}, {"birth_date", person.birth_date}, {"papers", papers_of(person)}};
  }
  DeskAnswer answer;
  answer.outcome = result;
  const std::lock_guard lock(mutex_);
  answer.body = {{"result", result}, {"reference", fmt::format("SYN-{:08}", ++receipts_)}};
  if (!person_json.empty()) {
    answer.body["person"] = std::move(person_json);
    answer.body["notice"] = to_string(notice);
  }
  return answer;
}

Bytes EligibilityDesk::redeem(const std::string& challenge_id) {
  const std::lock_guard lock(mutex_);
  forget_ended();
  const auto found = challenges_.find(challenge_id);
  if (found == challenges_.end()) return {};
  Bytes bytes = std::move(found->second.bytes);
  challenges_.erase(found);
  return bytes;
}

void EligibilityDesk::forget_ended() {
  const Nanoseconds now = clock_.now();
  std::erase_if(challenges_, [now](const auto& entry) { return entry.second.ends <= now; });
}

}  // namespace shogo::sim
