#include "link/host_link.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace shogo::reader {
namespace {

constexpr milliseconds kFirstRetry{100};
constexpr milliseconds kLongestRetry{
    5'000};  // 3-22.d: no storm, and back within seconds of the host's return
constexpr milliseconds kHandshakeLimit{5'000};
constexpr milliseconds kHeartbeat{5'000};
constexpr milliseconds kSilence{15'000};  // three heartbeats missed: half-open (3-22.c)

bool wait_ssl(SSL* ssl, int result, int fd) {
  const int error = SSL_get_error(ssl, result);
  if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return false;
  pollfd p{fd, static_cast<short>(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
  return ::poll(&p, 1, static_cast<int>(kHandshakeLimit.count())) > 0;
}

bool handshake(SSL* ssl, int fd) {
  for (;;) {
    const int rc = SSL_connect(ssl);
    if (rc == 1) return true;
    if (!wait_ssl(ssl, rc, fd)) return false;
  }
}

bool write_all(SSL* ssl, int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const int n = SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    if (n > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    } else if (!wait_ssl(ssl, n, fd)) {
      return false;
    }
  }
  return true;
}

}  // namespace

HostLink::HostLink(std::string address, reference::SslContext context, boost::json::object hello,
                   Clock& clock, Log& log, Observer observer)
    : address_(std::move(address)),
      context_(std::move(context)),
      hello_(std::move(hello)),
      clock_(clock),
      log_(log),
      observer_(std::move(observer)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

HostLink::~HostLink() {
  stop();
  if (wake_ >= 0) ::close(wake_);
}

void HostLink::start() {
  thread_ = std::thread([this] { run(); });
}

void HostLink::stop() {
  stopping_ = true;
  wake();
  if (thread_.joinable()) thread_.join();
}

void HostLink::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);
}

void HostLink::pause(milliseconds limit) {
  pollfd p{wake_, POLLIN, 0};
  ::poll(&p, 1, static_cast<int>(limit.count()));
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t n = ::read(wake_, &count, sizeof count);
}

void HostLink::queue(Outgoing outgoing) {
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) return;
    outgoing_.push_back(std::move(outgoing));
  }
  wake();
}

void HostLink::send(const boost::json::object& body) {
  queue({contract::encode_link(body), Secret()});
}

void HostLink::send_pin(const boost::json::object& authenticate, std::uint64_t session, Secret pin) {
  queue({contract::encode_link(authenticate), contract::encode_link_pin(session, pin)});
}

int HostLink::connect() const {
  const std::size_t colon = address_.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, address_.substr(0, colon).c_str(), &where.sin_addr) != 1)
    return -1;
  where.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address_.c_str() + colon + 1)));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0) {
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
  }
  if (fd >= 0) ::close(fd);
  return -1;
}

void HostLink::run() {
  milliseconds retry = kFirstRetry;
  while (!stopping_) {
    const int fd = connect();
    if (fd >= 0) {
      const Nanoseconds began = clock_.now();
      serve(fd);
      ::close(fd);
      if (clock_.now() - began > kHeartbeat) retry = kFirstRetry;
    }
    if (stopping_) return;
    pause(retry);
    retry = std::min(retry * 2, kLongestRetry);
  }
}

void HostLink::serve(int socket) {
  const reference::Ssl ssl(SSL_new(context_.get()));
  if (ssl == nullptr || SSL_set_fd(ssl.get(), socket) != 1 || !handshake(ssl.get(), socket)) {
    ERR_clear_error();
    log_.write("link_refused");
    return;
  }
  log_.write("link_up");
  {
    const std::lock_guard lock(mutex_);
    outgoing_.clear();
    outgoing_.push_back({contract::encode_link(hello_), Secret()});
    connected_ = true;
  }
  observer_.connected();

  contract::LinkDecoder decoder;
  Nanoseconds heard = clock_.now();
  Nanoseconds next_beat = clock_.now() + kHeartbeat;
  std::int64_t beats = 0;
  for (bool open = true; open && !stopping_;) {
    std::deque<Outgoing> batch;
    {
      const std::lock_guard lock(mutex_);
      batch.swap(outgoing_);
    }
    for (const Outgoing& message : batch) {
      open = open && write_all(ssl.get(), socket, message.bytes);
      open = open && write_all(ssl.get(), socket, message.secret.expose());
    }
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
        if (!message.ok() || (message->has_value() && (*message)->is_pin())) {
          log_.write("link_protocol_error");
          open = false;
          break;
        }
        if (!message->has_value()) break;
        observer_.message(std::move((*message)->body));
      }
    }
    if (clock_.now() - heard > kSilence) {
      log_.write("link_silent");
      open = false;
    }
    if (!open) break;
    const auto until = std::chrono::duration_cast<milliseconds>(next_beat - clock_.now()).count();
    pollfd fds[2] = {{socket, POLLIN, 0}, {wake_, POLLIN, 0}};
    ::poll(fds, 2, static_cast<int>(std::max<std::int64_t>(0, until)));
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake_, &count, sizeof count);
  }
  ERR_clear_error();
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    outgoing_.clear();
  }
  log_.write("link_down");
  observer_.lost();
}

}  // namespace shogo::reader
