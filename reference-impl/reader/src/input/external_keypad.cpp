#include "input/external_keypad.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace shogo::reader {
namespace {

using reference::UniqueFd;

/// How often an absent keypad is looked for. Real time: it is plugged in by a hand.
constexpr int kLook_ms = 100;

/// Nothing but an input node will do (or the pipe that stands for one on a bench): a file there would be read
/// again and again.
UniqueFd open_node(const std::string& device) {
  UniqueFd node(::open(device.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat kind {};
  if (node.get() < 0 || ::fstat(node.get(), &kind) != 0 ||
      (!S_ISCHR(kind.st_mode) && !S_ISFIFO(kind.st_mode)))
    return UniqueFd();
  // A PIN is for nobody else: without this the console would read along. A pipe has no such request.
  (void)::ioctl(node.get(), EVIOCGRAB, 1);
  // Times that cannot be set, where the node can tell them.
  int clock = CLOCK_MONOTONIC;
  (void)::ioctl(node.get(), EVIOCSCLOCKID, &clock);
  return node;
}

}  // namespace

ExternalKeypad::ExternalKeypad(std::string device, TellInput tell, KeypadHooks hooks)
    : device_(std::move(device)),
      tell_(std::move(tell)),
      hooks_(hooks),
      stop_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

ExternalKeypad::~ExternalKeypad() {
  (void)::eventfd_write(stop_.get(), 1);
  if (thread_.joinable()) thread_.join();
}

void ExternalKeypad::start() {
  thread_ = std::thread([this] { run(); });
}

bool ExternalKeypad::pause() const {
  pollfd stop{stop_.get(), POLLIN, 0};
  return ::poll(&stop, 1, kLook_ms) == 0;
}

void ExternalKeypad::run() {
  bool seen = false;
  for (;;) {
    const UniqueFd node = seen && !hooks_.notices_return ? UniqueFd() : open_node(device_);
    if (node.get() < 0) {
      if (!pause()) return;
      continue;
    }
    seen = true;
    tell_([](Input& input) { input.keypad(true); });
    if (!serve(node.get())) return;
    tell_([](Input& input) { input.keypad(false); });
  }
}

bool ExternalKeypad::serve(int node) {
  // What a pulled keypad left half said, its successor does not finish.
  KeyEvents events(hooks_.debounces);
  for (;;) {
    pollfd fds[] = {{stop_.get(), POLLIN, 0}, {node, POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) return false;
    if (fds[0].revents != 0) return false;
    if (fds[1].revents == 0) continue;
    std::array<std::uint8_t, 64 * sizeof(input_event)> bytes;
    const ssize_t n = ::read(node, bytes.data(), bytes.size());
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return true;
    if (n < 0) continue;
    events.take({bytes.data(), static_cast<std::size_t>(n)},
                [this](Key key) { tell_([key](Input& input) { input.press(key); }); });
    wipe(bytes.data(), bytes.size());
  }
}

}  // namespace shogo::reader
