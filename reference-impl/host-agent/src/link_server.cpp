#include "link_server.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace shogo::agent {

using reference::LinkConnection;
using reference::UniqueFd;

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
  server->listening_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int fd = server->listening_.get();
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0 || ::listen(fd, 4) != 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot listen for the reader on {}: {}", address, std::strerror(errno))};
  return server;
}

void LinkServer::start() {
  thread_ = std::thread([this] { run(); });
}

void LinkServer::stop() {
  stopping_ = true;
  poller_.ring();
  if (thread_.joinable()) thread_.join();
}

LinkServer::~LinkServer() {
  stop();
}

void LinkServer::send(boost::json::object body) {
  {
    const std::lock_guard lock(mutex_);
    if (!connected_) return;
    outgoing_.push_back(contract::encode_link(body));
  }
  poller_.ring();
}

void LinkServer::run() {
  const ClockThread here(clock_);
  while (!stopping_) {
    if (candidate_) greet();
    if (reader_) serve();
    Nanoseconds due = Nanoseconds::max();
    // One stranger at a time: the next waits until this one has proved the key or used up its time.
    pollfd fds[3] = {{candidate_ ? -1 : listening_.get(), POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}};
    std::size_t count = 1;
    for (const LinkConnection* connection : {candidate_.get(), reader_.get()}) {
      if (connection == nullptr) continue;
      fds[count++] = {connection->fd(), connection->wanted(), 0};
      due = std::min(due, connection->due());
    }
    poller_.wait({fds, count}, due);
    if (!stopping_ && (fds[0].revents & POLLIN) != 0) accept();
  }
  if (reader_) part("stopped");
}

void LinkServer::accept() {
  UniqueFd peer(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!peer.open()) return;
  const int yes = 1;
  ::setsockopt(peer.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  candidate_ = std::make_unique<LinkConnection>(reference::LinkEnd::kHostAgent, *context_, std::move(peer),
                                                reference::LinkTiming{}, clock_);
}

void LinkServer::greet() {
  // Its first words may come with the last of its handshake: it must be the reader before they are heard.
  std::vector<contract::LinkMessage> heard;
  candidate_->turn([&](contract::LinkMessage message) { heard.push_back(std::move(message)); });
  if (candidate_->state() == LinkConnection::State::kGreeting) return;
  if (candidate_->state() == LinkConnection::State::kClosed && !candidate_->was_open()) {
    log_.write("link_refused");  // no key, wrong key, or not a reader at all
    candidate_.reset();
    return;
  }
  if (reader_) part("replaced");
  reader_ = std::move(candidate_);
  {
    const std::lock_guard lock(mutex_);
    outgoing_.clear();
    connected_ = true;
  }
  log_.write("link_up");
  observer_.connected();
  for (contract::LinkMessage& message : heard) take(std::move(message));
}

void LinkServer::serve() {
  do {
    std::deque<Bytes> batch;
    {
      const std::lock_guard lock(mutex_);
      batch.swap(outgoing_);
    }
    for (Bytes& message : batch) reader_->send({std::move(message), Secret()});
    reader_->turn([this](contract::LinkMessage message) { take(std::move(message)); });
    const std::lock_guard lock(mutex_);
    if (outgoing_.empty()) break;
  } while (reader_->state() == LinkConnection::State::kOpen);
  if (reader_->state() == LinkConnection::State::kClosed) part(to_string(reader_->end()));
}

void LinkServer::take(contract::LinkMessage message) {
  // The reader keeps the time of the link: its facility's setting counts for both ends.
  if (const boost::json::value* beat = message.body.if_contains("heartbeat_ms");
      beat != nullptr && beat->is_int64() && beat->get_int64() > 0 &&
      beat->get_int64() <= reference::kLongestHeartbeat.count())
    reader_->use(reference::timing_with(milliseconds(beat->get_int64())));
  observer_.message(std::move(message));
}

void LinkServer::part(std::string_view reason) {
  reader_.reset();
  {
    const std::lock_guard lock(mutex_);
    connected_ = false;
  }
  log_.write("link_down", {{"reason", PublicText::from_table(reason)}});
  observer_.lost();
}

}  // namespace shogo::agent
