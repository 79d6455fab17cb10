#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <shogo/sim/antenna.h>

namespace shogo::sim {

using contract::RfKind;
using contract::RfMessage;

struct Antenna::Impl {
  std::string socket;
  int listening = -1;
  int wake = -1;
  std::thread thread;
  std::atomic<bool> stopping{false};
  std::mutex mutex;  // guards card, fault, apdus
  RfCard* card = nullptr;
  RfFault fault = RfFault::kNone;
  int apdus = 0;

  /// The reply to one message, or nothing when the card stays mute.
  std::optional<Bytes> answer(const RfMessage& message) {
    const std::lock_guard lock(mutex);
    if (message.kind == RfKind::kFieldOff) {
      if (card != nullptr) card->power_off();
      return contract::encode_rf(RfKind::kAck);
    }
    if (card == nullptr) return contract::encode_rf(RfKind::kNoCard);
    switch (message.kind) {
      case RfKind::kRequestB:
        return contract::encode_rf(RfKind::kAtqb, contract::encode_atqb(card->atqb()));
      case RfKind::kAttrib:
        return contract::encode_rf(RfKind::kAck);
      case RfKind::kApdu:
        break;
      default:
        return contract::encode_rf(RfKind::kNoCard);
    }
    ++apdus;
    switch (fault) {
      case RfFault::kNone:
        return contract::encode_rf(RfKind::kApdu, card->transmit(message.payload));
      case RfFault::kGarbage:
        return contract::encode_rf(RfKind::kApdu, "DEADBEEF0BADC0DE"_hex);
      case RfFault::kMute:
        return std::nullopt;
      case RfFault::kLeavesMidApdu:
        if (apdus < 3) return contract::encode_rf(RfKind::kApdu, card->transmit(message.payload));
        card = nullptr;
        return contract::encode_rf(RfKind::kNoCard);
    }
    return std::nullopt;
  }

  /// Until the peer goes away, breaks the rules or we stop.
  void serve(int peer) {
    Bytes buffer;
    std::uint8_t chunk[65536];
    while (!stopping) {
      pollfd fds[2] = {{peer, POLLIN, 0}, {wake, POLLIN, 0}};
      if (::poll(fds, 2, -1) < 0 && errno != EINTR) return;
      if ((fds[1].revents & POLLIN) != 0) return;
      const ssize_t n = ::recv(peer, chunk, sizeof chunk, 0);
      if (n <= 0) return;
      append(buffer, {chunk, static_cast<std::size_t>(n)});
      for (;;) {
        auto message = contract::take_rf(buffer);
        if (!message.ok()) return;
        if (!message->has_value()) break;
        const auto reply = answer(**message);
        if (reply &&
            ::send(peer, reply->data(), reply->size(), MSG_NOSIGNAL) != static_cast<ssize_t>(reply->size()))
          return;
      }
    }
  }

  void run() {
    while (!stopping) {
      pollfd fds[2] = {{listening, POLLIN, 0}, {wake, POLLIN, 0}};
      if (::poll(fds, 2, -1) < 0 && errno != EINTR) return;
      if ((fds[0].revents & POLLIN) == 0) continue;
      const int peer = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      serve(peer);
      ::close(peer);
    }
  }
};

Antenna::Antenna() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<Antenna>> Antenna::open(const std::filesystem::path& socket) {
  sockaddr_un address{};
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::kInvalid,
                 fmt::format("socket path {} is too long: choose a shorter folder (TMPDIR)", path)};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  auto antenna = std::unique_ptr<Antenna>(new Antenna);
  Impl& impl = *antenna->impl_;
  impl.socket = path;
  impl.wake = ::eventfd(0, EFD_CLOEXEC);
  impl.listening = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (impl.wake < 0 || impl.listening < 0 ||
      ::bind(impl.listening, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(impl.listening, 4) != 0)
    return Error{Code::kUnavailable, fmt::format("cannot listen on {}: {}", path, std::strerror(errno))};
  impl.thread = std::thread([&impl] { impl.run(); });
  return antenna;
}

Antenna::~Antenna() {
  impl_->stopping = true;
  const std::uint64_t one = 1;
  if (impl_->wake >= 0 && ::write(impl_->wake, &one, sizeof one) < 0) impl_->stopping = true;
  if (impl_->thread.joinable()) impl_->thread.join();
  if (impl_->listening >= 0) ::close(impl_->listening);
  if (impl_->wake >= 0) ::close(impl_->wake);
  ::unlink(impl_->socket.c_str());
}

const std::string& Antenna::socket() const {
  return impl_->socket;
}

void Antenna::place(RfCard& card, RfFault fault) {
  const std::lock_guard lock(impl_->mutex);
  impl_->card = &card;
  impl_->fault = fault;
  impl_->apdus = 0;
  card.power_off();
}

void Antenna::remove() {
  const std::lock_guard lock(impl_->mutex);
  if (impl_->card != nullptr) impl_->card->power_off();
  impl_->card = nullptr;
}

}  // namespace shogo::sim
