// VERIFY, and the commands that change a secret or fill its counter.
#include "status_word.h"
#include "virtual_card_parts.h"

#include <openssl/crypto.h>

namespace shogo::sim {
namespace {

std::uint16_t tries_word(const CardPin& pin, int left) {
  return pin.tries == 0 ? sw::kWrongWithoutLimit : static_cast<std::uint16_t>(sw::kTriesLeft | left);
}

bool fits(const CardPin& pin, ByteView value) {
  if (value.size() < pin.min_length || value.size() > pin.max_length) return false;
  return std::all_of(value.begin(), value.end(), [&](std::uint8_t byte) {
    const bool digit = byte >= '0' && byte <= '9';
    return digit || (pin.alphabet == CardPin::Alphabet::kUpperCaseAndDigits && byte >= 'A' && byte <= 'Z');
  });
}

bool same(const Secret& secret, ByteView given) {
  return secret.size() == given.size() &&
         CRYPTO_memcmp(secret.expose().data(), given.data(), given.size()) == 0;
}

}  // namespace

std::uint16_t VirtualCard::find_pin(std::uint8_t p2, const CardPin*& pin) {
  if ((p2 & 0xE0) != 0x80) return sw::kWrongP1P2;
  if (const std::uint16_t sfi = p2 & 0x1F; sfi != 0 && !set_current(sfi)) return sw::kReferenceNotFound;
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone) return sw::kReferenceNotFound;
  pin = find_by_id(current_application_->pins, current_id_);
  return pin == nullptr ? sw::kWrongFileType : sw::kOk;
}

VirtualCard::Reply VirtualCard::verify(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0) return {sw::kWrongP1P2, {}};
  const CardPin* pin = nullptr;
  if (const std::uint16_t found = find_pin(apdu.p2, pin); found != sw::kOk) return {found, {}};
  Pin& state = pin_state(*current_application_, pin->id);
  if (apdu.body.empty()) return {tries_word(*pin, state.tries_left), {}};  // a query costs nothing
  if (apdu.body.size() > kLongestShown) return {sw::kWrongLength, {}};
  state.shown.clear();
  for (const std::uint8_t byte : apdu.body) state.shown.push_back(byte);
  const bool limited = pin->tries > 0;
  if (limited && state.tries_left == 0) return {sw::kBlocked, {}};
  if (!same(state.value, apdu.body)) {
    state.verified = false;
    ++state.wrong;
    if (limited) --state.tries_left;
    memory_changed_ = limited;
    return {tries_word(*pin, state.tries_left), {}};
  }
  memory_changed_ = std::exchange(state.tries_left, pin->tries) != pin->tries;
  state.verified = true;
  return {sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::change_secret(const Command& command, CardPin::Change by) {
  const CommandApdu& apdu = *command.apdu;
  const std::uint8_t new_value_only = by == CardPin::Change::kReferenceData ? 0x01 : 0x00;
  if (apdu.p1 != new_value_only) return {sw::kWrongP1P2, {}};
  const CardPin* pin = nullptr;
  if (const std::uint16_t found = find_pin(apdu.p2, pin); found != sw::kOk) return {found, {}};
  Pin& state = pin_state(*current_application_, pin->id);
  if (pin->tries > 0 && state.tries_left == 0) return {sw::kBlocked, {}};
  if (!state.verified) return {sw::kSecurityStatus, {}};
  if (pin->change != by) return {sw::kConditions, {}};
  if (!fits(*pin, apdu.body)) return {sw::kWrongData, {}};
  state.value.clear();
  for (const std::uint8_t byte : apdu.body) state.value.push_back(byte);
  memory_changed_ = true;
  return {sw::kOk, {}};
}

/// 7816-4 11.5.10 with P1 02 (new value) or 03 (counter only), after VERIFY of a secret that may do it.
/// Physical cards of today have no such secret and do not know the command.
VirtualCard::Reply VirtualCard::reset_retry_counter(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  constexpr std::uint8_t kNewValue = 0x02, kCounterOnly = 0x03;
  const auto resettable = [&] {
    for (const CardPin& item : current_application_->pins)
      if (!item.reset_by.empty()) return true;
    return false;
  };
  if (current_application_ == nullptr || !resettable()) return {sw::kInstructionNotSupported, {}};
  if (apdu.p1 != kNewValue && apdu.p1 != kCounterOnly) return {sw::kWrongP1P2, {}};
  const CardPin* pin = nullptr;
  if (const std::uint16_t found = find_pin(apdu.p2, pin); found != sw::kOk) return {found, {}};
  if (pin->reset_by.empty()) return {sw::kConditions, {}};
  AccessRule rule;
  rule.kind = AccessRule::Kind::kAnyOf;
  rule.secrets = pin->reset_by;
  if (!allowed(rule)) return {sw::kSecurityStatus, {}};
  Pin& state = pin_state(*current_application_, pin->id);
  if (apdu.p1 == kNewValue) {
    if (!fits(*pin, apdu.body)) return {sw::kWrongData, {}};
    state.value.clear();
    for (const std::uint8_t byte : apdu.body) state.value.push_back(byte);
  } else if (!apdu.body.empty()) {
    return {sw::kWrongLength, {}};
  }
  state.tries_left = pin->tries;
  memory_changed_ = true;
  return {sw::kOk, {}};
}

}  // namespace shogo::sim
