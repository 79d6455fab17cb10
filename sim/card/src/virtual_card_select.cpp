// SELECT: applications by name, files by id.
#include "status_word.h"
#include "virtual_card_parts.h"

#include <shogo/base/tlv.h>

namespace shogo::sim {

VirtualCard::Reply VirtualCard::select(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 == 0x04) return select_application(command);
  if (apdu.p1 == 0x02) return select_file(command);
  if (apdu.p1 != 0x00) return {sw::kWrongP1P2, {}};
  // The master file: seen to answer 6A86 after power-on, and to leave the application current later.
  if (!apdu.body.empty()) return {sw::kFileNotFound, {}};
  return {current_application_ == nullptr ? sw::kWrongP1P2 : sw::kOk, {}};
}

VirtualCard::Reply VirtualCard::select_application(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  constexpr std::uint8_t kWithFci = 0x00, kNoFci = 0x0C, kNext = 0x02;
  const std::uint8_t occurrence = apdu.p2 & 0x03;
  if ((apdu.p2 != kWithFci && apdu.p2 != kNoFci && occurrence != kNext) || apdu.body.size() > 16)
    return {sw::kWrongP1P2, {}};
  const auto matches = [&](ByteView aid) {  // JICSAP: the beginning of an AID is enough
    return apdu.body.size() <= aid.size() && std::equal(apdu.body.begin(), apdu.body.end(), aid.begin());
  };
  if (apdu.body.empty() || (!profile_.issuer_domain.empty() && matches(profile_.issuer_domain))) {
    if (occurrence == kNext) return {sw::kFileNotFound, {}};
    leave_application();
    return {sw::kOk, {}};
  }
  auto from = profile_.applications.begin();
  if (occurrence == kNext && current_application_ != nullptr)
    from += current_application_ - profile_.applications.data() + 1;
  const auto found = std::find_if(from, profile_.applications.end(),
                                  [&](const CardApplication& item) { return matches(item.aid); });
  if (found == profile_.applications.end()) return {sw::kFileNotFound, {}};
  if (&*found != current_application_) clear_security();
  channel_.reset();
  current_application_ = &*found;
  current_kind_ = CurrentKind::kNone;
  if ((apdu.p2 & 0x0C) == 0x0C || apdu.ne == 0) return {sw::kOk, {}};
  return {sw::kOk, make_tlv(0x6F, make_tlv(0x84, found->aid))};
}

VirtualCard::Reply VirtualCard::select_file(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p2 != 0x0C) return {sw::kWrongP1P2, {}};
  if (apdu.body.size() != 2) return {sw::kWrongLength, {}};
  return {set_current(static_cast<std::uint16_t>(read_be(apdu.body))) ? sw::kOk : sw::kFileNotFound, {}};
}

bool VirtualCard::set_current(std::uint16_t id) {
  if (current_application_ == nullptr) return false;
  if (find_by_id(current_application_->files, id) != nullptr) {
    current_kind_ = CurrentKind::kFile;
  } else if (find_by_id(current_application_->pins, id) != nullptr) {
    current_kind_ = CurrentKind::kPin;
  } else if (find_by_id(current_application_->keys, id) != nullptr) {
    current_kind_ = CurrentKind::kKey;
  } else {
    return false;
  }
  current_id_ = id;
  return true;
}

}  // namespace shogo::sim
