#include "input/key_events.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace shogo::reader {
namespace {

/// Digits of the keypad block and of the row above the letters: which of them a keypad sends is its maker's
/// choice, and its NumLock none of ours.
std::optional<Key> key_for(std::uint16_t code) {
  switch (code) {
    case KEY_KP0:
    case KEY_0:
      return Key::k0;
    case KEY_KP1:
    case KEY_1:
      return Key::k1;
    case KEY_KP2:
    case KEY_2:
      return Key::k2;
    case KEY_KP3:
    case KEY_3:
      return Key::k3;
    case KEY_KP4:
    case KEY_4:
      return Key::k4;
    case KEY_KP5:
    case KEY_5:
      return Key::k5;
    case KEY_KP6:
    case KEY_6:
      return Key::k6;
    case KEY_KP7:
    case KEY_7:
      return Key::k7;
    case KEY_KP8:
    case KEY_8:
      return Key::k8;
    case KEY_KP9:
    case KEY_9:
      return Key::k9;
    case KEY_BACKSPACE:
    case KEY_DELETE:
    case KEY_KPDOT:
      return Key::kDelete;
    case KEY_ENTER:
    case KEY_KPENTER:
      return Key::kDone;
    default:
      return std::nullopt;
  }
}

/// Clamped to what nanoseconds can tell (the year 2255): the node may claim any time.
Nanoseconds time_of(const input_event& event) {
  constexpr long long kLatestSecond = 9'000'000'000;
  const auto seconds = std::clamp(static_cast<long long>(event.input_event_sec), 0LL, kLatestSecond);
  const auto microseconds = std::clamp(static_cast<long long>(event.input_event_usec), 0LL, 999'999LL);
  return std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds);
}

}  // namespace

bool KeyEvents::pressed(Contact& contact, std::int32_t value, Nanoseconds at) const {
  constexpr std::int32_t kOpen = 0, kClosed = 1;  // 2: held down, repeated by the kernel
  if (value == kOpen && contact.closed) {
    contact.closed = false;
    contact.opened_before = true;
    contact.opened_at = at;
    return false;
  }
  if (value != kClosed || (contact.closed && debounces_)) return false;
  contact.closed = true;
  // A clock that was set back says nothing about how long it took.
  const bool bounced = contact.opened_before && at >= contact.opened_at && at - contact.opened_at < kBounce;
  return !(bounced && debounces_);
}

void KeyEvents::take(ByteView bytes, const std::function<void(Key)>& press) {
  for (const std::uint8_t byte : bytes) {
    event_[have_++] = byte;
    if (have_ < event_.size()) continue;
    have_ = 0;
    input_event event{};
    std::memcpy(&event, event_.data(), sizeof event);
    if (event.type != EV_KEY) continue;
    const auto key = key_for(event.code);
    if (key && pressed(contacts_[static_cast<std::size_t>(*key)], event.value, time_of(event))) press(*key);
  }
}

}  // namespace shogo::reader
