// The bench's external keypad (1-14.e): twelve keys in four rows, 123 at the top, which can be plugged in and
// pulled. What stands for its input node is a named pipe that carries what the kernel would write there
// (struct input_event). Its clock runs with its keys: a press takes 80 ms of it and the next begins 120 ms
// later, however quickly a script goes. One thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::sim {

class BenchKeypad {
 public:
  /// Not plugged in yet. `node`: where the device looks for it.
  explicit BenchKeypad(std::string node);
  ~BenchKeypad();
  BenchKeypad(const BenchKeypad&) = delete;
  BenchKeypad& operator=(const BenchKeypad&) = delete;

  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] bool plugged() const { return pipe_ >= 0; }
  Result<void> plug();
  void unplug();

  /// A key by its place, "r1c1" (top left) to "r4c3". The fourth row is delete, 0, done. kNotFound for other
  /// texts, kUnavailable when it is not plugged in.
  Result<void> press(std::string_view place);
  /// A worn contact: one press that closes, opens and closes again within four milliseconds.
  Result<void> press_bouncing(std::string_view place);
  /// What a discharge leaves behind on such a line: scan codes of no key, keys that a keypad does not have, a
  /// release without a press.
  Result<void> noise();

 private:
  Result<void> write(std::uint16_t type, std::uint16_t code, std::int32_t value);
  Result<void> stroke(std::uint16_t code, milliseconds held);

  std::string node_;
  int pipe_ = -1;
  milliseconds time_{1'000};
};

}  // namespace shogo::sim
