// What comes in from a patient's hands. Sources live on threads of their own and know nothing of pages:
//
//   the panel           touches (device protocol; mouse and finger in the window)
//   the keypad within   keys by their place in the housing (device protocol)
//   a keypad on a cable keys, and that it comes and goes (external_keypad.h)
//   a desk's keyboard   keys (window)
//
// The reader is the one Input; every function belongs to its loop.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace shogo::reader {

/// Keys of a keypad by what is printed on them (1-14). k0 to k9 are 0 to 9.
enum class Key { k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, kDelete, kDone };

/// '0' to '9', or nothing for the two others.
[[nodiscard]] std::optional<char> digit_of(Key key);
[[nodiscard]] Key key_of_digit(char digit);
/// The key at a place of the keypad in the housing: "r1c1" is the top left one, "r4c3" the bottom right. The
/// rows read 123, 456, 789 (1-14.b), then delete, 0, done: as on the screen. Nothing for any other text.
[[nodiscard]] std::optional<Key> key_at(std::string_view place);

class Input {
 public:
  virtual void touch(double x, double y, bool down) = 0;
  /// A key has gone down.
  virtual void press(Key key) = 0;
  /// The keypad is there now, or it has gone.
  virtual void keypad(bool there) = 0;

 protected:
  ~Input() = default;
};

/// Brings something to the reader's loop.
using TellInput = std::function<void(std::function<void(Input&)>)>;

}  // namespace shogo::reader
