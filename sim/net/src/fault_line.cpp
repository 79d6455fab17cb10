#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <shogo/base/bytes.h>
#include <shogo/sim/fault_line.h>

namespace shogo::sim {
namespace {

constexpr milliseconds kLongestNap{60'000};
constexpr std::size_t kReadSize = 16'384;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() { close(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  /// The other end gets a reset, not a polite end.
  void reset() {
    if (fd_ < 0) return;
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint32_t last, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + last);
  address.sin_port = htons(port);
  return address;
}

void no_delay(int fd) {
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

struct Chunk {
  Bytes bytes;
  std::size_t sent = 0;
  Nanoseconds due{0};
};

/// One direction of a connection: what has been read and not yet been delivered.
struct Flow {
  std::deque<Chunk> chunks;
  bool ended = false;  ///< the sender has hung up; the receiver learns it behind the last chunk
};

struct Connection {
  int number = 0;
  Fd near, far;
  Flow to_far, to_near;
  bool dialled = false;  ///< the far end knows of it
  bool ghost = false;
  bool over = false;
  std::size_t poll_near = 0, poll_far = 0;  ///< 1-based places in the poll table; 0: not polled
};

}  // namespace

std::string_view to_string(LineFault fault) {
  switch (fault) {
    case LineFault::kNone:
      return "none";
    case LineFault::kRefused:
      return "refused";
    case LineFault::kSilent:
      return "silent";
    case LineFault::kSlow:
      return "slow";
  }
  return "none";
}

struct FaultLine::Impl {
  Impl(Options given, Clock& time) : options(std::move(given)), clock(time) {}

  Options options;
  Clock& clock;
  std::uint16_t port = 0;
  Fd listening;
  Fd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::atomic<bool> stopping{false};

  std::mutex mutex;  // guards everything below
  LineFault fault = LineFault::kNone;
  milliseconds delay{0};
  std::uint32_t near_address = 1;
  std::list<Connection> connections;
  int count = 0;
  Observer observer;

  std::thread thread;

  void ring() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake.get(), &one, sizeof one);
  }
  void tell(Event::Kind kind, const Connection& connection, std::string_view from, std::size_t size = 0) {
    if (observer) observer({kind, connection.number, from, size});
  }
  [[nodiscard]] bool swallowed(const Connection& connection) const {
    return connection.ghost || fault == LineFault::kSilent;
  }
  void run();
  void accept();
  void dial(Connection& connection);
  void read(Connection& connection, Fd& from, Flow& flow, std::string_view who);
  void deliver(Connection& connection, Flow& flow, Fd& to, Nanoseconds now);
  void end(Connection& connection, std::string_view who);
};

void FaultLine::Impl::end(Connection& connection, std::string_view who) {
  if (connection.over) return;
  connection.over = true;
  tell(Event::Kind::kClosed, connection, who);
  connection.near.reset();
  connection.far.reset();
}

void FaultLine::Impl::accept() {
  Fd peer(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!peer.open()) return;
  no_delay(peer.get());
  Connection& connection = connections.emplace_back();
  connection.number = ++count;
  connection.near = std::move(peer);
  tell(Event::Kind::kConnected, connection, options.near_end);
  if (fault == LineFault::kRefused) return end(connection, "line");
  if (!swallowed(connection)) dial(connection);
}

void FaultLine::Impl::dial(Connection& connection) {
  connection.dialled = true;
  connection.far = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in from = loopback(near_address, 0);
  const sockaddr_in to = loopback(1, options.far_port);
  // On loopback a connect is answered at once, either way.
  if (::bind(connection.far.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0 ||
      ::connect(connection.far.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    return end(connection, options.far_end);
  no_delay(connection.far.get());
}

void FaultLine::Impl::read(Connection& connection, Fd& from, Flow& flow, std::string_view who) {
  std::array<std::uint8_t, kReadSize> buffer;
  const ssize_t n = ::recv(from.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n > 0) {
    tell(Event::Kind::kBytes, connection, who, static_cast<std::size_t>(n));
    const Nanoseconds due = clock.now() + (fault == LineFault::kSlow ? delay : milliseconds(0));
    flow.chunks.push_back({Bytes(buffer.begin(), buffer.begin() + n), 0, due});
    return;
  }
  flow.ended = true;
  from.close();
  tell(Event::Kind::kClosed, connection, who);
  // Begun and given up while the line was silent: the far end never hears of it, not even afterwards.
  if (!connection.dialled) connection.over = true;
}

void FaultLine::Impl::deliver(Connection& connection, Flow& flow, Fd& to, Nanoseconds now) {
  while (!flow.chunks.empty() && flow.chunks.front().due <= now && to.open()) {
    Chunk& chunk = flow.chunks.front();
    const ssize_t n = ::send(to.get(), chunk.bytes.data() + chunk.sent, chunk.bytes.size() - chunk.sent,
                             MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) {
      to.close();
      break;
    }
    chunk.sent += static_cast<std::size_t>(n);
    if (chunk.sent == chunk.bytes.size()) flow.chunks.pop_front();
  }
  if (!to.open()) flow.chunks.clear();
  if (!flow.ended || !flow.chunks.empty()) return;
  // Half-closed connections do not exist on our lines: an end is an end for both.
  connection.over = true;
}

void FaultLine::Impl::run() {
  const ClockThread here(clock);
  std::vector<pollfd> polled;
  while (!stopping) {
    Nanoseconds nap = kLongestNap;
    {
      const std::lock_guard lock(mutex);
      const Nanoseconds now = clock.now();
      polled.assign({{wake.get(), POLLIN, 0}, {listening.get(), POLLIN, 0}});
      for (Connection& connection : connections) {
        connection.poll_near = connection.poll_far = 0;
        if (!swallowed(connection) && !connection.over) {
          if (!connection.far.open() && !connection.to_near.ended) dial(connection);
          deliver(connection, connection.to_far, connection.far, now);
          deliver(connection, connection.to_near, connection.near, now);
        }
        for (const Flow* flow : {&connection.to_far, &connection.to_near})
          if (!flow->chunks.empty() && flow->chunks.front().due > now)
            nap = std::min(nap, flow->chunks.front().due - now);
        const auto watch = [&](const Fd& fd, const Flow& outgoing, std::size_t& place) {
          if (!fd.open() || connection.over) return;
          const bool waiting =
              !outgoing.chunks.empty() && outgoing.chunks.front().due <= now && !swallowed(connection);
          polled.push_back({fd.get(), static_cast<short>(waiting ? POLLIN | POLLOUT : POLLIN), 0});
          place = polled.size() - 1;
        };
        watch(connection.near, connection.to_near, connection.poll_near);
        watch(connection.far, connection.to_far, connection.poll_far);
      }
      connections.remove_if([](const Connection& connection) { return connection.over; });
    }
    clock.poll(polled, nap);
    std::uint64_t rung = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake.get(), &rung, sizeof rung);
    const std::lock_guard lock(mutex);
    constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
    for (Connection& connection : connections) {
      if (connection.poll_near > 0 && connection.near.open() &&
          (polled[connection.poll_near].revents & kReadable) != 0)
        read(connection, connection.near, connection.to_far, options.near_end);
      if (connection.poll_far > 0 && connection.far.open() &&
          (polled[connection.poll_far].revents & kReadable) != 0)
        read(connection, connection.far, connection.to_near, options.far_end);
    }
    if ((polled[1].revents & POLLIN) != 0) accept();
  }
}

FaultLine::FaultLine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<FaultLine>> FaultLine::open(Options options, Clock& clock) {
  auto impl = std::make_unique<Impl>(std::move(options), clock);
  impl->listening = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in where = loopback(1, 0);
  socklen_t size = sizeof where;
  if (::bind(impl->listening.get(), reinterpret_cast<sockaddr*>(&where), size) != 0 ||
      ::listen(impl->listening.get(), 64) != 0 ||
      ::getsockname(impl->listening.get(), reinterpret_cast<sockaddr*>(&where), &size) != 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot open the line {}: {}", impl->options.name, std::strerror(errno))};
  impl->port = ntohs(where.sin_port);
  Impl& running = *impl;
  impl->thread = std::thread([&running] { running.run(); });
  return std::unique_ptr<FaultLine>(new FaultLine(std::move(impl)));
}

FaultLine::~FaultLine() {
  impl_->stopping = true;
  impl_->ring();
  impl_->thread.join();
}

std::uint16_t FaultLine::port() const {
  return impl_->port;
}
const std::string& FaultLine::name() const {
  return impl_->options.name;
}

void FaultLine::set(LineFault fault, milliseconds delay) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->fault = fault;
    impl_->delay = delay;
    if (fault == LineFault::kRefused)
      for (Connection& connection : impl_->connections) impl_->end(connection, "line");
  }
  impl_->ring();
}

void FaultLine::reset_connections() {
  {
    const std::lock_guard lock(impl_->mutex);
    for (Connection& connection : impl_->connections) impl_->end(connection, "line");
  }
  impl_->ring();
}

void FaultLine::change_address() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->near_address = impl_->near_address % 250 + 1;
    for (Connection& connection : impl_->connections) connection.ghost = true;
  }
  impl_->ring();
}

void FaultLine::observe(Observer observer) {
  const std::lock_guard lock(impl_->mutex);
  impl_->observer = std::move(observer);
}

}  // namespace shogo::sim
