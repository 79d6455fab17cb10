#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <shogo/sim/plain_front_end.h>
#include <shogo/sim/rf_timing.h>

namespace shogo::sim {
namespace {

enum Control : std::uint8_t { kPowerOff = 0, kPowerOn = 1, kReset = 2, kGetAtr = 4 };

/// vpcd writes length and payload separately; a delayed acknowledgement of the first holds the second back
/// for 44 ms, a thousand times the real work. The kernel forgets the option, so it is set after every
/// receive.
void acknowledge_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

bool receive(int fd, std::uint8_t* to, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::recv(fd, to, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    acknowledge_at_once(fd);
    to += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

bool send_frame(int fd, ByteView payload) {
  Bytes wire;
  wire.reserve(2 + payload.size());
  append_be16(wire, static_cast<std::uint16_t>(payload.size()));
  append(wire, payload);
  for (std::size_t sent = 0; sent < wire.size();) {
    const ssize_t n = ::send(fd, wire.data() + sent, wire.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

struct PlainFrontEnd::Impl {
  RfCard* card = nullptr;
  std::optional<RfTiming> timing;
  int fd = -1;
  std::thread thread;

  Bytes answer(const Bytes& apdu) const {
    // Get-UID (PC/SC part 3, 3.2.2.1.3) is the reader's, and the driver hands everything to us.
    if (apdu.size() >= 4 && apdu[0] == 0xFF) {
      if (apdu[1] != 0xCA || apdu[2] != 0 || apdu[3] != 0) return "6D00"_hex;
      Bytes uid = card->atqb().pupi;
      append(uid, "9000"_hex);
      return uid;
    }
    Bytes reply = card->transmit(apdu);
    if (timing) RealClock().sleep_for(timing->apdu(apdu, reply.size(), card->atqb().frame_size()));
    // One byte is an error at the client, none blocks all clients of the slot, and longer does not fit a
    // frame.
    if (reply.size() < 2 || reply.size() > 0xFFFF) return "6F00"_hex;
    return reply;
  }

  void run() {
    std::uint8_t size_bytes[2];
    while (receive(fd, size_bytes, 2)) {
      Bytes frame(static_cast<std::size_t>(read_be(size_bytes)));
      if (!receive(fd, frame.data(), frame.size())) break;
      if (frame.size() > 1) {
        if (!send_frame(fd, answer(frame))) break;
      } else if (frame.size() == 1 && frame[0] == kGetAtr) {
        if (!send_frame(fd, contract::atr_of(card->atqb()))) break;
      } else if (frame.size() == 1 && frame[0] <= kReset) {
        card->power_off();  // off, on and reset all end with a card that remembers nothing
      }
    }
    card->power_off();
  }
};

PlainFrontEnd::PlainFrontEnd() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<PlainFrontEnd>> PlainFrontEnd::present(std::uint16_t port, RfCard& card) {
  if (!card.is_type_b())
    return Error{Code::kUnsupported, "this card does not speak Type B: no reader of this kind can see it"};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const Error error{Code::kUnavailable, fmt::format("no virtual reader accepts a card at 127.0.0.1:{}: {}",
                                                      port, std::strerror(errno))};
    if (fd >= 0) ::close(fd);
    return error;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  acknowledge_at_once(fd);
  auto front_end = std::unique_ptr<PlainFrontEnd>(new PlainFrontEnd);
  Impl& impl = *front_end->impl_;
  impl.card = &card;
  if (const auto* timed = dynamic_cast<const TimedCard*>(&card)) impl.timing = timed->timing();
  impl.fd = fd;
  impl.thread = std::thread([&impl] { impl.run(); });
  return front_end;
}

PlainFrontEnd::~PlainFrontEnd() {
  ::shutdown(impl_->fd, SHUT_RDWR);
  impl_->thread.join();
  ::close(impl_->fd);
}

}  // namespace shogo::sim
