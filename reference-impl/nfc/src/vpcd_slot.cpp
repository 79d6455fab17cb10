#include "vpcd_slot.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <shogo/base/secret.h>

namespace shogo::reference {
namespace {

/// The driver sends length and payload in two small writes; a delayed acknowledgement of the first holds the
/// second back for some 40 ms, a thousand times the real work. The kernel forgets this option, so it is set
/// again after every receive.
void acknowledge_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

}  // namespace

Result<void> VpcdSlot::connect(std::uint16_t port) {
  close();
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd.open() || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return Error{Code::kUnavailable,
                 fmt::format("nothing accepts a card at 127.0.0.1:{}: {}", port, std::strerror(errno))};
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  acknowledge_at_once(fd.get());
  fd_ = std::move(fd);
  return {};
}

void VpcdSlot::close() {
  fd_.reset();
  received_.clear();
}

bool VpcdSlot::receive() {
  std::uint8_t chunk[4096];
  const ssize_t n = ::recv(fd_.get(), chunk, sizeof chunk, 0);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  acknowledge_at_once(fd_.get());
  append(received_, {chunk, static_cast<std::size_t>(n)});
  wipe(chunk, static_cast<std::size_t>(n));  // a VERIFY holds a PIN
  return true;
}

std::optional<Bytes> VpcdSlot::take_frame() {
  if (received_.size() < 2) return std::nullopt;
  const std::size_t size = static_cast<std::size_t>(read_be(ByteView(received_).first(2)));
  if (received_.size() < 2 + size) return std::nullopt;
  Bytes frame(received_.begin() + 2, received_.begin() + 2 + static_cast<std::ptrdiff_t>(size));
  drop_front(received_, 2 + size);
  return frame;
}

bool VpcdSlot::send_frame(ByteView frame) {
  Bytes wire;
  append_be16(wire, static_cast<std::uint16_t>(frame.size()));
  append(wire, frame);
  std::size_t sent = 0;
  while (sent < wire.size()) {
    const ssize_t n = ::send(fd_.get(), wire.data() + sent, wire.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace shogo::reference
