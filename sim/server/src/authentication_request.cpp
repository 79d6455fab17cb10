#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/sim/authentication_request.h>

namespace shogo::sim {
namespace {

constexpr std::size_t kMaxChallengeId = 64;

Result<Bytes> base64_field(const JsonObject& object, std::string_view key, std::size_t limit) {
  SHOGO_TRY(const std::string text, object.string(key));
  auto bytes = from_base64(text);
  if (!bytes.ok())
    return Error{Code::kInvalid, fmt::format("request: \"{}\" must be base64 with padding", key)};
  if (bytes->empty() || bytes->size() > limit)
    return Error{Code::kInvalid,
                 fmt::format("request: \"{}\" must be 1 to {} bytes, got {}", key, limit, bytes->size())};
  return bytes;
}

}  // namespace

Result<AuthenticationRequest> parse_authentication_request(std::string_view body) {
  SHOGO_TRY(const json::value document, parse_json(body, "request"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "request"));
  SHOGO_CHECK_OK(object.only({"challenge_id", "certificate", "signature"}));
  AuthenticationRequest request;
  SHOGO_TRY(request.challenge_id, object.string("challenge_id"));
  if (request.challenge_id.empty() || request.challenge_id.size() > kMaxChallengeId)
    return Error{Code::kInvalid, fmt::format("request: \"challenge_id\" must have 1 to {} characters, got {}",
                                             kMaxChallengeId, request.challenge_id.size())};
  SHOGO_TRY(request.certificate, base64_field(object, "certificate", kMaxCertificate));
  SHOGO_TRY(request.signature, base64_field(object, "signature", kMaxSignature));
  return request;
}

}  // namespace shogo::sim
