#include "command_apdu.h"
#include "status_word.h"
#include "virtual_card_parts.h"
#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/tlv.h>
#include <shogo/sim/virtual_card.h>

namespace shogo::sim {

Result<std::unique_ptr<VirtualCard>> VirtualCard::create(CardProfile profile, CardContents contents,
                                                         std::uint64_t seed) {
  const auto lacks = [&](const char* kind, const std::string& name) {
    return Error{Code::kInvalid,
                 fmt::format("card profile {}: the issuer supplied no {} \"{}\"", profile.name, kind, name)};
  };
  if (contents.pupi.size() != 4) return Error{Code::kInvalid, "a PUPI has 4 bytes"};
  for (const CardApplication& application : profile.applications) {
    for (const CardFile& file : application.files)
      if (!contents.files.contains(file.content)) return lacks("file", file.content);
    for (const CardPin& pin : application.pins)
      if (!contents.secrets.contains(pin.secret)) return lacks("secret", pin.secret);
    for (const CardKey& key : application.keys)
      if (!contents.keys.contains(key.key)) return lacks("key", key.key);
  }
  return std::unique_ptr<VirtualCard>(new VirtualCard(std::move(profile), std::move(contents), seed));
}

VirtualCard::VirtualCard(CardProfile profile, CardContents contents, std::uint64_t seed)
    : profile_(std::move(profile)), contents_(std::move(contents)), rng_(seed, "card.challenge") {
  for (const CardApplication& application : profile_.applications) {
    for (const CardPin& pin : application.pins) {
      Pin& state = pins_[{application.name, pin.id}];
      state.tries_left = pin.tries;
      // Room for any later value: a changed PIN may be longer than the first.
      state.value = Secret(pin.max_length);
      for (const std::uint8_t byte : contents_.secrets.at(pin.secret).expose()) state.value.push_back(byte);
    }
  }
  contents_.secrets.clear();
  profile_.atqb.pupi = contents_.pupi;
}

contract::Atqb VirtualCard::atqb() const {
  return profile_.atqb;
}

void VirtualCard::power_off() {
  const std::lock_guard lock(mutex_);
  leave_application();
}

void VirtualCard::trace(Tracer tracer) {
  const std::lock_guard lock(mutex_);
  tracer_ = std::move(tracer);
}

Bytes VirtualCard::transmit(ByteView apdu) {
  const std::lock_guard lock(mutex_);
  Command command{parse_command(apdu)};
  Reply reply = command.apdu ? execute(command) : Reply{sw::kWrongLength, {}};
  if (tracer_) {
    ApduTrace trace;
    std::copy_n(apdu.begin(), std::min<std::size_t>(apdu.size(), 4), trace.header.begin());
    if (command.apdu) {
      trace.lc = trace.body_size = command.apdu->body.size();
      trace.le = command.apdu->ne;
    } else {
      trace.body_size = apdu.size() > 4 ? apdu.size() - 4 : 0;
    }
    trace.pin_carrying =
        trace.body_size > 0 && (trace.header[1] == ins::kVerify || trace.header[1] == ins::kChange);
    trace.sw = reply.sw;
    trace.response_size = reply.data.size();
    tracer_(trace);
  }
  append_be16(reply.data, reply.sw);
  return std::move(reply.data);
}

VirtualCard::Reply VirtualCard::execute(const Command& command) {
  for (const FixedAnswer& fixed : profile_.fixed_answers) {
    if (fixed.cla == command.apdu->cla && fixed.ins == command.apdu->ins) return {fixed.sw, {}};
  }
  Reply reply = dispatch(command);
  // 7816-4 5.1: more data than Ne is never returned; READ BINARY has limited itself already.
  if (reply.sw == sw::kOk && !reply.data.empty() && reply.data.size() > command.apdu->ne) {
    if (command.apdu->ne == 0) return {sw::kWrongLength, {}};
    return {static_cast<std::uint16_t>(sw::kCorrectLe | (reply.data.size() & 0xFF)), {}};
  }
  return reply;
}

VirtualCard::Reply VirtualCard::dispatch(const Command& command) {
  constexpr std::uint8_t kInterindustry = 0x00, kProprietary = 0x80;
  const std::uint8_t cla = command.apdu->cla;
  switch (command.apdu->ins) {
    case ins::kSelect:
      return cla == kInterindustry ? select(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kReadBinary:
      return cla == kInterindustry ? read_binary(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kVerify:
      return cla == kInterindustry ? verify(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kChange:
      return cla == kInterindustry ? change_reference_data(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kGetChallenge:
      return cla == kInterindustry ? get_challenge(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kGetData:
      return cla == kInterindustry ? get_data(command) : Reply{sw::kClassNotSupported, {}};
    case ins::kSign:
      return cla == kProprietary ? sign(command) : Reply{sw::kClassNotSupported, {}};
    default:
      return cla == kInterindustry || cla == kProprietary ? Reply{sw::kInstructionNotSupported, {}}
                                                          : Reply{sw::kClassNotSupported, {}};
  }
}

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
  if (apdu.body.empty() || matches(profile_.issuer_domain)) {
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

VirtualCard::Reply VirtualCard::read_binary(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (!apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  std::size_t offset = static_cast<std::size_t>(apdu.p1) << 8 | apdu.p2;
  if ((apdu.p1 & 0x80) != 0) {
    const std::uint16_t sfi = apdu.p1 & 0x1F;
    if ((apdu.p1 & 0x60) != 0 || sfi == 0 || sfi == 0x1F) return {sw::kWrongP1P2, {}};
    if (!set_current(sfi)) return {sw::kFileNotFound, {}};
    offset = apdu.p2;
  }
  if (current_application_ == nullptr || current_kind_ == CurrentKind::kNone) return {sw::kNoCurrentFile, {}};
  const CardFile* file = find_by_id(current_application_->files, current_id_);
  if (file == nullptr) return {sw::kWrongFileType, {}};
  if (!allowed(file->read)) return {sw::kSecurityStatus, {}};
  const Bytes& bytes = contents_.files.at(file->content);
  if (offset >= bytes.size()) return {sw::kOffsetOutside, {}};
  const std::size_t size = std::min(apdu.ne, bytes.size() - offset);
  const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  return {sw::kOk, Bytes(begin, begin + static_cast<std::ptrdiff_t>(size))};
}

VirtualCard::Reply VirtualCard::get_challenge(const Command& command) {
  const CommandApdu& apdu = *command.apdu;
  if (apdu.p1 != 0 || apdu.p2 != 0) return {sw::kWrongP1P2, {}};
  if (apdu.extended || apdu.ne > 256) return {sw::kConditions, {}};
  if (!apdu.body.empty() || apdu.ne == 0) return {sw::kWrongLength, {}};
  Bytes challenge(apdu.ne);
  rng_.fill(challenge);
  return {sw::kOk, std::move(challenge)};
}

VirtualCard::Reply VirtualCard::get_data(const Command&) {
  // No data objects at card level yet; inside an application real cards do not know the command.
  return {current_application_ == nullptr ? sw::kReferenceNotFound : sw::kInstructionNotSupported, {}};
}

bool VirtualCard::allowed(const AccessRule& rule) const {
  switch (rule.kind) {
    case AccessRule::Kind::kFree:
      return true;
    case AccessRule::Kind::kNever:
      return false;
    case AccessRule::Kind::kAnyOf:
      return std::any_of(rule.secrets.begin(), rule.secrets.end(),
                         [this](std::uint16_t id) { return pin_state(*current_application_, id).verified; });
  }
  return false;
}

void VirtualCard::clear_security() {
  for (auto& [key, pin] : pins_) pin.verified = false;
}

void VirtualCard::leave_application() {
  clear_security();
  current_application_ = nullptr;
  current_kind_ = CurrentKind::kNone;
}

const CardApplication* VirtualCard::application(std::string_view name) const {
  for (const CardApplication& item : profile_.applications)
    if (item.name == name) return &item;
  return nullptr;
}

VirtualCard::Pin& VirtualCard::pin_state(const CardApplication& application, std::uint16_t id) {
  return pins_.at({application.name, id});
}

const VirtualCard::Pin& VirtualCard::pin_state(const CardApplication& application, std::uint16_t id) const {
  return pins_.at({application.name, id});
}

std::vector<PinStatus> VirtualCard::pins() const {
  const std::lock_guard lock(mutex_);
  std::vector<PinStatus> list;
  for (const CardApplication& item : profile_.applications) {
    for (const CardPin& pin : item.pins) {
      const Pin& state = pin_state(item, pin.id);
      list.push_back({item.name, pin.id, state.tries_left, pin.tries, state.verified});
    }
  }
  return list;
}

int VirtualCard::tries_left(std::string_view application_name, std::uint16_t pin) const {
  const std::lock_guard lock(mutex_);
  const auto found = pins_.find({std::string(application_name), pin});
  return found == pins_.end() ? -1 : found->second.tries_left;
}

void VirtualCard::set_tries_left(std::string_view application_name, std::uint16_t pin, int tries) {
  const std::lock_guard lock(mutex_);
  const auto found = pins_.find({std::string(application_name), pin});
  if (found == pins_.end()) return;
  const int most = find_by_id(application(application_name)->pins, pin)->tries;
  found->second.tries_left = std::clamp(tries, 0, most);
  if (tries <= 0) found->second.verified = false;
}

void VirtualCard::refill_all_tries() {
  const std::lock_guard lock(mutex_);
  for (const CardApplication& item : profile_.applications)
    for (const CardPin& pin : item.pins) pin_state(item, pin.id).tries_left = pin.tries;
}

const Bytes* VirtualCard::file(std::string_view application_name, std::uint16_t id) const {
  const CardApplication* item = application(application_name);
  const CardFile* found = item == nullptr ? nullptr : find_by_id(item->files, id);
  return found == nullptr ? nullptr : &contents_.files.at(found->content);
}

}  // namespace shogo::sim
