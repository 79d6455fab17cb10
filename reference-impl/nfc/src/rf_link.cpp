#include "rf_link.h"

#include <cerrno>
#include <cstring>
#include <poll.h>

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/base/secret.h>

namespace shogo::reference {

using contract::RfKind;
using contract::RfMessage;

Result<void> RfLink::connect() {
  close();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket_.string();
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::kInvalid, fmt::format("{} is too long for a UNIX socket", path)};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.open() || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return Error{Code::kUnavailable, fmt::format("no antenna at {}: {}", path, std::strerror(errno))};
  fd_ = std::move(fd);
  return {};
}

void RfLink::close() {
  fd_.reset();
  received_.clear();
}

bool RfLink::receive() {
  std::uint8_t chunk[1024];
  const ssize_t n = ::recv(fd_.get(), chunk, sizeof chunk, MSG_DONTWAIT);
  if (n < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (n <= 0) return false;
  append(received_, {chunk, static_cast<std::size_t>(n)});
  wipe(chunk, static_cast<std::size_t>(n));  // a card's answer may be a person's name or photo
  return true;
}

bool RfLink::discard_late() {
  if (!fd_.open() || !receive()) {
    close();
    return false;
  }
  for (;;) {
    const auto message = contract::take_rf(received_);
    if (!message.ok()) {
      close();
      return false;
    }
    if (!message->has_value()) return true;
  }
}

Result<RfMessage> RfLink::exchange(RfKind kind, ByteView payload, Nanoseconds limit) {
  if (!fd_.open()) return Error{Code::kUnavailable, "antenna not connected"};
  const auto give_up = [&](Code code, const char* why) {
    close();
    return Error{code, why};
  };
  const Bytes request = contract::encode_rf(kind, ++number_, payload);
  std::size_t sent = 0;
  while (sent < request.size()) {
    const ssize_t n = ::send(fd_.get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return give_up(Code::kUnavailable, "antenna lost while sending");
    sent += static_cast<std::size_t>(n);
  }
  const Nanoseconds deadline = clock_.now() + limit;
  for (;;) {
    auto message = contract::take_rf(received_);
    if (!message.ok()) return give_up(Code::kCorrupt, "the reply is not an RF message");
    if (message->has_value()) {
      if ((*message)->number == number_) return std::move(**message);
      continue;
    }
    const Nanoseconds left = deadline - clock_.now();
    if (left.count() <= 0) return Error{Code::kTimeout, "no reply within the frame waiting time"};
    pollfd fds[] = {{fd_.get(), POLLIN, 0}, {stop_fd_, POLLIN, 0}};
    if (clock_.poll(fds, left) == 0) continue;
    if (fds[1].revents != 0) return give_up(Code::kCancelled, "stopped");
    if (fds[0].revents != 0 && !receive()) return give_up(Code::kUnavailable, "antenna lost while waiting");
  }
}

}  // namespace shogo::reference
