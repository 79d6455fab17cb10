#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/input.h>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

#include <shogo/sim/bench_keypad.h>

namespace shogo::sim {
namespace {

constexpr milliseconds kHeld{80};
constexpr milliseconds kBetween{120};
constexpr milliseconds kBounce{2};

constexpr std::pair<std::string_view, std::uint16_t> kPlaces[] = {
    {"r1c1", KEY_KP1},       {"r1c2", KEY_KP2}, {"r1c3", KEY_KP3},  //
    {"r2c1", KEY_KP4},       {"r2c2", KEY_KP5}, {"r2c3", KEY_KP6},  //
    {"r3c1", KEY_KP7},       {"r3c2", KEY_KP8}, {"r3c3", KEY_KP9},  //
    {"r4c1", KEY_BACKSPACE}, {"r4c2", KEY_KP0}, {"r4c3", KEY_KPENTER},
};

Result<std::uint16_t> code_at(std::string_view place) {
  for (const auto& [name, code] : kPlaces)
    if (name == place) return code;
  return Error{Code::kNotFound,
               fmt::format("the keypad has no key at \"{}\"; places are r1c1 to r4c3", place)};
}

}  // namespace

BenchKeypad::BenchKeypad(std::string node) : node_(std::move(node)) {}

BenchKeypad::~BenchKeypad() {
  unplug();
}

Result<void> BenchKeypad::plug() {
  if (plugged()) return {};
  ::unlink(node_.c_str());
  if (::mkfifo(node_.c_str(), S_IRUSR | S_IWUSR) != 0)
    return Error{Code::kDenied,
                 fmt::format("cannot make the keypad's node {}: {}", node_, std::strerror(errno))};
  // Its own reader as well, so that it stands with nobody else on the line.
  pipe_ = ::open(node_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (pipe_ < 0)
    return Error{Code::kDenied,
                 fmt::format("cannot open the keypad's node {}: {}", node_, std::strerror(errno))};
  return {};
}

void BenchKeypad::unplug() {
  if (!plugged()) return;
  ::unlink(node_.c_str());
  ::close(std::exchange(pipe_, -1));
}

Result<void> BenchKeypad::write(std::uint16_t type, std::uint16_t code, std::int32_t value) {
  if (!plugged()) return Error{Code::kUnavailable, "the keypad is not plugged in"};
  input_event event{};
  event.input_event_sec = time_.count() / 1000;
  event.input_event_usec = time_.count() % 1000 * 1000;
  event.type = type;
  event.code = code;
  event.value = value;
  // Smaller than a pipe's atomic write: whole or not at all.
  if (::write(pipe_, &event, sizeof event) == static_cast<ssize_t>(sizeof event)) return {};
  return Error{Code::kUnavailable, "nobody reads what the keypad says"};
}

Result<void> BenchKeypad::stroke(std::uint16_t code, milliseconds held) {
  SHOGO_CHECK_OK(write(EV_KEY, code, 1));
  SHOGO_CHECK_OK(write(EV_SYN, SYN_REPORT, 0));
  time_ += held;
  SHOGO_CHECK_OK(write(EV_KEY, code, 0));
  return write(EV_SYN, SYN_REPORT, 0);
}

Result<void> BenchKeypad::press(std::string_view place) {
  SHOGO_TRY(const std::uint16_t code, code_at(place));
  time_ += kBetween;
  return stroke(code, kHeld);
}

Result<void> BenchKeypad::press_bouncing(std::string_view place) {
  SHOGO_TRY(const std::uint16_t code, code_at(place));
  time_ += kBetween;
  SHOGO_CHECK_OK(stroke(code, kBounce));
  time_ += kBounce;
  return stroke(code, kHeld);
}

Result<void> BenchKeypad::noise() {
  time_ += kBetween;
  SHOGO_CHECK_OK(write(EV_MSC, MSC_SCAN, 0x7FFF));
  SHOGO_CHECK_OK(write(EV_KEY, KEY_KP5, 0));
  SHOGO_CHECK_OK(stroke(KEY_F13, kBounce));
  SHOGO_CHECK_OK(stroke(KEY_UNKNOWN, kBounce));
  return write(EV_SYN, SYN_DROPPED, 0);
}

}  // namespace shogo::sim
