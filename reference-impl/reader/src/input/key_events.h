// Linux input events (evdev, struct input_event) as a keypad's node gives them, turned into presses. Foreign
// bytes: whatever is plugged in there may send anything. Only the keys of a keypad mean something, whatever
// else comes is passed over.
#pragma once

#include "input/input.h"
#include <array>
#include <cstdint>
#include <functional>
#include <linux/input.h>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/secret.h>

namespace shogo::reader {

class KeyEvents {
 public:
  /// A contact that opens and closes again within this time has bounced, or was disturbed: no finger is so
  /// quick (1-14.e: no digit comes twice).
  static constexpr milliseconds kBounce{30};

  explicit KeyEvents(bool debounces = true) : debounces_(debounces) {}
  ~KeyEvents() { wipe(event_.data(), event_.size()); }
  KeyEvents(const KeyEvents&) = delete;
  KeyEvents& operator=(const KeyEvents&) = delete;
  /// Bytes as they were read, in pieces of any size. Calls `press` for each press in them, in order; keeps
  /// none (3-16: they are a PIN's digits).
  void take(ByteView bytes, const std::function<void(Key)>& press);

 private:
  struct Contact {
    bool closed = false;
    bool opened_before = false;
    Nanoseconds opened_at{0};  ///< the node's clock
  };
  bool pressed(Contact& contact, std::int32_t value, Nanoseconds at) const;

  bool debounces_;
  std::array<std::uint8_t, sizeof(input_event)> event_{};  ///< as much of the next one as has come
  std::size_t have_ = 0;
  std::array<Contact, 12> contacts_;  ///< by Key
};

}  // namespace shogo::reader
