#include "link_server.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace shogo::agent {
namespace {

constexpr milliseconds kHandshakeLimit{5'000};

struct Fd {
  int fd = -1;
  ~Fd() {
    if (fd >= 0) ::close(fd);
  }
};

/// Waits for what OpenSSL asked for. False at the deadline.
bool wait_ssl(SSL* ssl, int result, int fd, milliseconds limit) {
  const int error = SSL_get_error(ssl, result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
  pollfd p{fd, static_cast<short>(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
  return ::poll(&p, 1, static_cast<int>(limit.count())) > 0;
}

bool handshake(SSL* ssl, int fd) {
  for (;;) {
    const int rc = SSL_accept(ssl);
    if (rc == 1) return true;
    if (!wait_ssl(ssl, rc, fd, kHandshakeLimit)) return false;
  }
}

bool write_all(SSL* ssl, int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const int n = SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    if (n > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    } else if (!wait_ssl(ssl, n, fd, kHandshakeLimit)) {
      return false;
    }
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<LinkServer>> LinkServer::listen(const std::string& address,
                                                       reference::SslContext context, Clock& clock, Log& log,
                                                       Observer observer) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  const int port = colon == std::string::npos ? 0 : std::atoi(address.c_str() + colon + 1);
  if (colon == std::string::npos || port <= 0 || port > 65535 ||
      ::inet_pton(AF_INET, address.substr(0, colon).c_str(), &where.sin_addr) != 1)
    return Error{Code::kInvalid,
                 fmt::format("link_address must look like 127.0.0.1:4500, got \"{}\"", address)};
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  auto server = std::unique_ptr<LinkServer>(new LinkServer(clock, log, std::move(observer)));
  server->context_ = std::move(context);
  server->wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  server->listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(server->listening_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(server->listening_, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 ||
      ::listen(server->listening_, 4) != 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot listen for the reader on {}: {}", address, std::strerror(errno))};
  return server;
}

void LinkServer::start() {
  thread_ = std::thread([this] { run(); });
}

void LinkServer::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

LinkServer::~LinkServer() {
  stop();
  if (listening_ >= 0) ::close(listening_);
  if (wake_ >= 0) ::close(wake_);
}

void LinkServer::wake() {
  const std::uint64_t one = 1;
  // Full is as good as written: the thread wakes either way.
  [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);
}

void LinkServer::send(boost::json::object body) {
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) return;
    outgoing_.push_back(contract::encode_link(body));
  }
  wake();
}

void LinkServer::run() {
  while (!stopping_) {
    pollfd fds[2] = {{listening_, POLLIN, 0}, {wake_, POLLIN, 0}};
    ::poll(fds, 2, -1);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake_, &count, sizeof count);
    if (stopping_ || (fds[0].revents & POLLIN) == 0) continue;
    const Fd peer{::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (peer.fd >= 0) serve(peer.fd);
  }
}

void LinkServer::serve(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const reference::Ssl ssl(SSL_new(context_.get()));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), socket) != 1 || !handshake(ssl.get(), socket)) {
    ERR_clear_error();
    log_.write("link_refused");  // no key, wrong key, or not a reader at all
    return;
  }
  log_.write("link_up");
  {
    const std::lock_guard lock(mutex_);
    outgoing_.clear();
    connected_ = true;
  }
  observer_.connected();

  contract::LinkDecoder decoder;
  Nanoseconds heard = clock_.now();
  Nanoseconds next_beat = clock_.now() + kHeartbeat;
  std::int64_t beats = 0;
  for (bool open = true; open && !stopping_;) {
    std::deque<Bytes> batch;
    {
      const std::lock_guard lock(mutex_);
      batch.swap(outgoing_);
    }
    for (const Bytes& message : batch) open = open && write_all(ssl.get(), socket, message);
    if (clock_.now() >= next_beat) {
      open = open &&
             write_all(ssl.get(), socket, contract::encode_link({{"type", "heartbeat"}, {"n", ++beats}}));
      next_beat = clock_.now() + kHeartbeat;
    }
    while (open) {
      const auto room = decoder.room();
      const int n = SSL_read(ssl.get(), room.data(), static_cast<int>(room.size()));
      if (n <= 0) {
        const int error = SSL_get_error(ssl.get(), n);
        open = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
        break;
      }
      heard = clock_.now();
      decoder.added(static_cast<std::size_t>(n));
      for (;;) {
        auto message = decoder.next();
        if (!message.ok()) {
          log_.write("link_protocol_error");
          open = false;
          break;
        }
        if (!message->has_value()) break;
        observer_.message(std::move(**message));
      }
    }
    if (clock_.now() - heard > kSilence) {
      log_.write("link_silent");
      open = false;
    }
    if (!open) break;
    pollfd fds[2] = {{socket, POLLIN, 0}, {wake_, POLLIN, 0}};
    const auto until = std::chrono::duration_cast<milliseconds>(next_beat - clock_.now()).count();
    ::poll(fds, 2, static_cast<int>(std::max<std::int64_t>(0, until)));
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake_, &count, sizeof count);
  }
  ERR_clear_error();
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
  }
  log_.write("link_down");
  observer_.lost();
}

}  // namespace shogo::agent
