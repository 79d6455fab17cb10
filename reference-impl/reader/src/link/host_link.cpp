#include "link/host_link.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace shogo::reader {

using reference::LinkConnection;
using reference::LinkPacket;
using reference::LinkTiming;
using reference::UniqueFd;

LinkTiming link_timing(const Settings& settings) {
  LinkTiming timing = reference::timing_with(milliseconds(settings.heartbeat_ms));
  timing.longest_retry = milliseconds(settings.reconnect_longest_ms);
  return timing;
}

HostLink::HostLink(std::string address, reference::SslContext context, boost::json::object hello,
                   Clock& clock, Observer observer, LinkHooks hooks)
    : address_(std::move(address)),
      context_(std::move(context)),
      hello_(std::move(hello)),
      clock_(clock),
      observer_(std::move(observer)),
      hooks_(std::move(hooks)),
      poller_(clock),
      timing_(hooks_.timing(LinkTiming{})) {}

HostLink::~HostLink() {
  stop();
}

void HostLink::start() {
  thread_ = std::thread([this] { run(); });
}

void HostLink::stop() {
  stopping_ = true;
  poller_.ring();
  if (thread_.joinable()) thread_.join();
}

void HostLink::queue(LinkPacket packet) {
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) return;
    outgoing_.push_back(std::move(packet));
  }
  poller_.ring();
}

void HostLink::send(const boost::json::object& body) {
  queue({contract::encode_link(body), Secret()});
}

void HostLink::send_pin(const boost::json::object& authenticate, std::uint64_t session, Secret pin) {
  queue({contract::encode_link(authenticate), contract::encode_link_pin(session, pin)});
}

void HostLink::use(const LinkTiming& timing) {
  {
    const std::lock_guard lock(mutex_);
    timing_ = hooks_.timing(timing);
    timing_changed_ = true;
    if (connected_)
      outgoing_.push_back(
          {contract::encode_link({{"type", "timing"}, {"heartbeat_ms", timing_.heartbeat.count()}}),
           Secret()});
  }
  poller_.ring();
}

LinkTiming HostLink::timing() {
  const std::lock_guard lock(mutex_);
  timing_changed_ = false;
  return timing_;
}

UniqueFd HostLink::dial() const {
  const std::size_t colon = address_.rfind(':');
  sockaddr_in where{};
  where.sin_family = AF_INET;
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, address_.substr(0, colon).c_str(), &where.sin_addr) != 1)
    return UniqueFd();
  where.sin_port = htons(static_cast<std::uint16_t>(std::atoi(address_.c_str() + colon + 1)));
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  // Whether it worked shows when the handshake writes: a router that swallows the SYN must not hold us for
  // the minutes that the kernel would wait.
  [[maybe_unused]] const int begun = ::connect(fd.get(), reinterpret_cast<sockaddr*>(&where), sizeof where);
  return fd;
}

void HostLink::run() {
  const ClockThread here(clock_);
  reference::Backoff backoff(timing());
  int failures = 0;
  while (!stopping_) {
    if (const Nanoseconds next = backoff.next(); clock_.now() < next) {
      poller_.wait({}, next);
      backoff.use(timing());
      continue;
    }
    backoff.tried(clock_.now());
    LinkConnection connection(reference::LinkEnd::kReader, *context_, dial(), timing(), clock_);
    const Nanoseconds held = serve(connection);
    const bool was_up = held.count() > 0;
    if (was_up)
      backoff.lost(held);
    else
      backoff.failed();
    failures = was_up ? 0 : failures + 1;
    if (!hooks_.keep_trying(failures, was_up)) return;
  }
}

Nanoseconds HostLink::serve(LinkConnection& connection) {
  bool up = false;
  Nanoseconds held{0};
  for (;;) {
    connection.turn([this](contract::LinkMessage message) { observer_.message(std::move(message.body)); });
    if (connection.state() == LinkConnection::State::kClosed || stopping_) break;
    if (connection.state() == LinkConnection::State::kOpen) {
      held = connection.held();
      std::deque<LinkPacket> packets;
      {
        const std::lock_guard lock(mutex_);
        if (!up) {
          boost::json::object hello = hello_;
          hello["heartbeat_ms"] = timing_.heartbeat.count();
          outgoing_.clear();
          outgoing_.push_back({contract::encode_link(hello), Secret()});
          connected_ = true;
        }
        packets.swap(outgoing_);
        if (std::exchange(timing_changed_, false)) connection.use(timing_);
      }
      if (!up) {
        up = true;
        observer_.connected();
      }
      for (LinkPacket& packet : packets) connection.send(std::move(packet));
      if (!packets.empty()) continue;
    }
    pollfd fds[1] = {{connection.fd(), connection.wanted(), 0}};
    poller_.wait(fds, connection.due());
  }
  if (!up) return held;
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
    outgoing_.clear();
  }
  observer_.lost(to_string(connection.end()));
  return std::max(held, Nanoseconds(1));
}

}  // namespace shogo::reader
