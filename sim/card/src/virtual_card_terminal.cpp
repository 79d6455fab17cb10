// The way without PIN, *synthetic*: on real cards 80 A2 exists and takes a terminal's card-verifiable
// certificate, checked against EF 0016; its parameters and what follows are not public. Ours:
//
//   80 A2 00 A4  a certificate under the certifier of EF 0016 (5F4E, 5F37)   SET PUBLIC KEY
//   00 84 00 00  at least 16 bytes                                          GET CHALLENGE
//   00 82 00 00  PKCS #1 v1.5 with SHA-256 over that challenge              EXTERNAL AUTHENTICATE
//
// Afterwards what the profile gives to "terminal" is open until another application, reset or power-off.
#include "card_objects.h"
#include "status_word.h"
#include "virtual_card_parts.h"

namespace shogo::sim {
namespace {

constexpr std::uint8_t kAuthenticationTemplate = 0xA4;
constexpr std::size_t kShortestChallenge = 16;

}  // namespace

VirtualCard::Reply VirtualCard::set_terminal_key(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  const bool known =
      std::any_of(profile_.applications.begin(), profile_.applications.end(),
                  [](const CardApplication& item) { return !item.terminal_certifier.empty(); });
  if (!known) return {sw::kInstructionNotSupported, {}};
  // 6A86 is what real cards were seen to say to P1 P2 0000, 00AE, 8000 and 00B6.
  if (current_application_ == nullptr || current_application_->terminal_certifier.empty() || apdu.p1 != 0 ||
      apdu.p2 != kAuthenticationTemplate)
    return {sw::kWrongP1P2, {}};
  terminal_proven_ = false;
  terminal_modulus_.clear();
  auto modulus = certified_modulus(apdu.body, contents_.files.at(current_application_->terminal_certifier));
  if (!modulus) return {sw::kWrongData, {}};
  terminal_modulus_ = std::move(*modulus);
  return {sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::external_authenticate(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (current_application_ == nullptr || current_application_->terminal_certifier.empty())
    return {sw::kInstructionNotSupported, {}};
  if (apdu.p1 != 0 || apdu.p2 != 0) return {sw::kWrongP1P2, {}};
  if (apdu.body.empty()) return {sw::kWrongLength, {}};
  const Bytes challenge = std::exchange(challenge_, {});  // good for one attempt
  if (terminal_modulus_.empty() || challenge.size() < kShortestChallenge) return {sw::kConditions, {}};
  terminal_proven_ = rsa_verifies_sha256(terminal_modulus_, challenge, apdu.body);
  return {terminal_proven_ ? sw::kOk : sw::kWrongWithoutLimit, {}};
}

}  // namespace shogo::sim
