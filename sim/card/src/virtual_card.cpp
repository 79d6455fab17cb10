// What a card is made of, its memory, and which command goes where.
#include "status_word.h"
#include "virtual_card_parts.h"

#include <fmt/core.h>

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
    if (application.secure_messaging && !contents.keys.contains(application.secure_messaging->key))
      return lacks("key", application.secure_messaging->key);
  }
  for (const DataObject& object : profile.data_objects)
    if (!contents.files.contains(object.content)) return lacks("data object", object.content);
  return std::unique_ptr<VirtualCard>(new VirtualCard(std::move(profile), std::move(contents), seed));
}

VirtualCard::VirtualCard(CardProfile profile, CardContents contents, std::uint64_t seed)
    : profile_(std::move(profile)), contents_(std::move(contents)), rng_(seed, "card.challenge") {
  for (const CardApplication& application : profile_.applications) {
    for (const CardPin& pin : application.pins) {
      Pin& state = pins_[{application.name, pin.id}];
      state.tries_left = pin.tries_left;
      // Room for any later value: a changed PIN may be longer than the first.
      state.value = Secret(pin.max_length);
      state.shown = Secret(kLongestShown);
      for (const std::uint8_t byte : contents_.secrets.at(pin.secret).expose()) state.value.push_back(byte);
    }
  }
  contents_.secrets.clear();
  for (const CardApplication& application : profile_.applications) {
    for (const CardFile& file : application.files) {
      if (file.stray.empty()) continue;
      Bytes bytes = file.stray;
      append(bytes, contents_.files.at(file.content));
      contents_.files[file.content] = std::move(bytes);
    }
  }
  profile_.atqb.pupi = contents_.pupi;
}

VirtualCard::~VirtualCard() = default;

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

void VirtualCard::keep(std::function<bool()> keeper) {
  const std::lock_guard lock(mutex_);
  keeper_ = std::move(keeper);
}

Bytes VirtualCard::transmit(ByteView apdu) {
  std::unique_lock lock(mutex_);
  Command command{parse_command(apdu)};
  Reply reply = command.apdu ? execute(command) : Reply{sw::kWrongLength, {}};
  if (profile_.garbage) reply = noise();
  if (!memory_kept(lock)) {
    clear_security();
    reply = {sw::kMemoryFailure, {}};
  }
  if (tracer_) {
    ApduTrace trace;
    std::copy_n(apdu.begin(), std::min<std::size_t>(apdu.size(), 4), trace.header.begin());
    if (command.apdu) {
      trace.lc = trace.body_size = command.apdu->body.size();
      trace.le = command.apdu->ne;
    } else {
      trace.body_size = apdu.size() > 4 ? apdu.size() - 4 : 0;
    }
    trace.pin_carrying = trace.body_size > 0 && ins::brings_secret(trace.header[1]);
    trace.encrypted = trace.header[0] == kSecured;
    trace.sw = reply.sw;
    trace.response_size = reply.data.size();
    if (current_application_ != nullptr) trace.application = current_application_->name;
    if (current_kind_ != CurrentKind::kNone) trace.current = current_id_;
    tracer_(trace);
  }
  append_be16(reply.data, reply.sw);
  return std::move(reply.data);
}

/// Outside the lock, because the keeper asks for the memory. Only the thread that runs commands calls it.
bool VirtualCard::memory_kept(std::unique_lock<std::mutex>& lock) {
  if (!std::exchange(memory_changed_, false) || !keeper_) return true;
  const auto keeper = keeper_;
  lock.unlock();
  const bool kept = keeper();
  lock.lock();
  return kept;
}

VirtualCard::Reply VirtualCard::noise() {
  Reply reply;
  reply.data.resize(static_cast<std::size_t>(rng_.below(40)));
  rng_.fill(reply.data);
  reply.sw = static_cast<std::uint16_t>(rng_.next());
  return reply;
}

VirtualCard::Reply VirtualCard::execute(const Command& command) {
  const auto fixed = [&](const std::vector<FixedAnswer>& answers) {
    return std::find_if(answers.begin(), answers.end(), [&](const FixedAnswer& item) {
      return item.cla == command.apdu->cla && item.ins == command.apdu->ins;
    });
  };
  if (const auto it = fixed(profile_.fixed_answers); it != profile_.fixed_answers.end()) return {it->sw, {}};
  if (current_application_ != nullptr) {
    const auto& answers = current_application_->fixed_answers;
    if (const auto it = fixed(answers); it != answers.end()) return {it->sw, {}};
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
  const std::uint8_t cla = command.apdu->cla;
  if (cla == kSecured || cla == kSecuredWithHeader) return secured(command);
  if (cla != kInterindustry && cla != kProprietary) return {sw::kClassNotSupported, {}};
  const bool proprietary = cla == kProprietary;
  const auto in_class = [&](bool wanted, auto function) {
    return proprietary == wanted ? function() : Reply{sw::kClassNotSupported, {}};
  };
  switch (command.apdu->ins) {
    case ins::kSelect:
      return in_class(false, [&] { return select(command); });
    case ins::kReadBinary:
      return in_class(false, [&] { return read_binary(command); });
    case ins::kReadRecord:
      return in_class(false, [&] { return read_record(command); });
    case ins::kVerify:
      return in_class(false, [&] { return verify(command); });
    case ins::kChange:
      return in_class(false, [&] { return change_secret(command, CardPin::Change::kReferenceData); });
    case ins::kChangeKey:
      return in_class(true, [&] { return change_secret(command, CardPin::Change::kKey); });
    case ins::kResetRetryCounter:
      return in_class(false, [&] { return reset_retry_counter(command); });
    case ins::kGetChallenge:
      return in_class(false, [&] { return get_challenge(command); });
    case ins::kInternalAuthenticate:
      return in_class(false, [&] { return internal_authenticate(command); });
    case ins::kGetData:
      return in_class(false, [&] { return get_data(command); });
    case ins::kSign:
      return in_class(true, [&] { return sign(command); });
    case ins::kSetTerminalKey:
      return in_class(true, [&] { return set_terminal_key(command); });
    case ins::kExternalAuthenticate:
      return in_class(false, [&] { return external_authenticate(command); });
    case ins::kSetSessionKey:
      return in_class(true, [&] { return set_session_key(command); });
    default:
      return {sw::kInstructionNotSupported, {}};
  }
}

bool VirtualCard::allowed(const AccessRule& rule) const {
  switch (rule.kind) {
    case AccessRule::Kind::kFree:
      return true;
    case AccessRule::Kind::kNever:
      return false;
    case AccessRule::Kind::kAnyOf:
      if (rule.by_holder && holder_consent_) return true;
      if (rule.by_terminal && terminal_proven_) return true;
      return std::any_of(rule.secrets.begin(), rule.secrets.end(),
                         [this](std::uint16_t id) { return pin_state(*current_application_, id).verified; });
  }
  return false;
}

void VirtualCard::clear_security() {
  for (auto& [key, pin] : pins_) pin.verified = false;
  terminal_modulus_.clear();
  challenge_.clear();
  terminal_proven_ = false;
}

void VirtualCard::leave_application() {
  clear_security();
  channel_.reset();
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
      list.push_back({item.name, pin.id, state.tries_left, pin.tries, state.verified, state.wrong});
    }
  }
  return list;
}

int VirtualCard::tries_left(std::string_view application_name, std::uint16_t pin) const {
  const std::lock_guard lock(mutex_);
  const auto found = pins_.find({std::string(application_name), pin});
  return found == pins_.end() ? -1 : found->second.tries_left;
}

Secret VirtualCard::last_shown(std::string_view application_name, std::uint16_t pin) const {
  const std::lock_guard lock(mutex_);
  const auto found = pins_.find({std::string(application_name), pin});
  if (found == pins_.end()) return {};
  Secret copy(kLongestShown);
  for (const std::uint8_t byte : found->second.shown.expose()) copy.push_back(byte);
  return copy;
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
    for (const CardPin& pin : item.pins) pin_state(item, pin.id).tries_left = pin.tries_left;
}

void VirtualCard::set_holder_consent(bool given) {
  const std::lock_guard lock(mutex_);
  holder_consent_ = given;
}

std::vector<PinMemory> VirtualCard::memory() const {
  const std::lock_guard lock(mutex_);
  std::vector<PinMemory> list;
  for (const CardApplication& item : profile_.applications) {
    for (const CardPin& pin : item.pins) {
      const Pin& state = pin_state(item, pin.id);
      PinMemory one{item.name, pin.id, state.tries_left, Secret(pin.max_length)};
      for (const std::uint8_t byte : state.value.expose()) one.value.push_back(byte);
      list.push_back(std::move(one));
    }
  }
  return list;
}

Result<void> VirtualCard::restore(const std::vector<PinMemory>& memory) {
  const std::lock_guard lock(mutex_);
  for (const PinMemory& item : memory) {
    const CardApplication* owner = application(item.application);
    const CardPin* pin = owner == nullptr ? nullptr : find_by_id(owner->pins, item.id);
    if (pin == nullptr)
      return Error{Code::kInvalid, fmt::format("{}/{:04X} is not a PIN of the profile {}", item.application,
                                               item.id, profile_.name)};
    if (item.tries_left < 0 || item.tries_left > pin->tries)
      return Error{Code::kInvalid, fmt::format("{}/{:04X}: {} tries left; expected 0 to {}", item.application,
                                               item.id, item.tries_left, pin->tries)};
    if (item.value.size() > pin->max_length)
      return Error{Code::kInvalid, fmt::format("{}/{:04X}: a value of {} bytes; at most {}", item.application,
                                               item.id, item.value.size(), pin->max_length)};
  }
  for (const PinMemory& item : memory) {
    Pin& state = pin_state(*application(item.application), item.id);
    state.tries_left = item.tries_left;
    state.value.clear();
    for (const std::uint8_t byte : item.value.expose()) state.value.push_back(byte);
  }
  return {};
}

const Bytes* VirtualCard::file(std::string_view application_name, std::uint16_t id) const {
  const CardApplication* item = application(application_name);
  const CardFile* found = item == nullptr ? nullptr : find_by_id(item->files, id);
  return found == nullptr ? nullptr : &contents_.files.at(found->content);
}

}  // namespace shogo::sim
