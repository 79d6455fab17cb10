#include "fake_host.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace shogo::reader {

namespace json = boost::json;

FakeHost::FakeHost(const Secret& key)
    : context_(*reference::make_link_context(reference::LinkEnd::kHostAgent, key)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof any;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&any), size) != 0 || ::listen(listener_, 4) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size) != 0)
    throw std::runtime_error("no loopback port");
  port_ = ntohs(any.sin_port);
  thread_ = std::thread([this] { run(); });
}

FakeHost::~FakeHost() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  ring();
  thread_.join();
  ::close(listener_);
  ::close(wake_);
}

std::string FakeHost::address() const {
  return fmt::format("127.0.0.1:{}", port_);
}

void FakeHost::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = ::write(wake_, &one, sizeof one);
}

void FakeHost::send(const json::object& message) {
  {
    const std::lock_guard lock(mutex_);
    outbox_.push_back(contract::encode_link(message));
  }
  ring();
}

void FakeHost::answer_with(json::object result) {
  const std::lock_guard lock(mutex_);
  next_answer_ = std::move(result);
}

void FakeHost::leave() {
  {
    const std::lock_guard lock(mutex_);
    away_ = true;
  }
  ring();
}

void FakeHost::come_back() {
  {
    const std::lock_guard lock(mutex_);
    away_ = false;
  }
  ring();
}

std::vector<std::string> FakeHost::pins() {
  const std::lock_guard lock(mutex_);
  return pins_;
}

std::vector<json::object> FakeHost::messages() {
  const std::lock_guard lock(mutex_);
  return messages_;
}

void FakeHost::run() {
  for (;;) {
    {
      // serve() may have taken the ring that was meant for this loop.
      const std::lock_guard lock(mutex_);
      if (stop_) return;
    }
    pollfd fds[2] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    ::poll(fds, 2, -1);
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(wake_, &count, sizeof count);
    bool away = false;
    {
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      away = away_;
    }
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const reference::Ssl ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), fd);
    if (!away && SSL_accept(ssl.get()) == 1) {
      ::fcntl(fd, F_SETFL, O_NONBLOCK);
      serve(ssl.get(), fd);
    }
    ERR_clear_error();
    ::close(fd);
  }
}

void FakeHost::serve(SSL* ssl, int fd) {
  contract::LinkDecoder decoder;
  for (;;) {
    std::deque<Bytes> out;
    {
      const std::lock_guard lock(mutex_);
      if (stop_ || away_) return;
      out.swap(outbox_);
    }
    for (const Bytes& bytes : out) SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    const auto room = decoder.room();
    const int n = SSL_read(ssl, room.data(), static_cast<int>(room.size()));
    if (n <= 0) {
      if (SSL_get_error(ssl, n) != SSL_ERROR_WANT_READ) return;
      pollfd fds[2] = {{fd, POLLIN, 0}, {wake_, POLLIN, 0}};
      ::poll(fds, 2, -1);
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t rung = ::read(wake_, &count, sizeof count);
      continue;
    }
    decoder.added(static_cast<std::size_t>(n));
    for (;;) {
      auto message = decoder.next();
      if (!message.ok()) return;
      if (!message->has_value()) break;
      on_message(std::move(**message));
    }
  }
}

void FakeHost::on_message(contract::LinkMessage message) {
  if (message.is_pin()) {
    const std::string pin(as_text(message.pin.expose()));
    json::object answer{
        {"type", "result"}, {"outcome", "ok"}, {"reason", "none"}, {"tries_left", 3}, {"reference", "r"}};
    if (pin != "1234") {
      answer["outcome"] = "ng";
      answer["reason"] = "wrong_pin";
      answer["tries_left"] = tries_ - 1;
    }
    {
      const std::lock_guard lock(mutex_);
      pins_.push_back(pin);
      if (next_answer_) answer = *std::exchange(next_answer_, std::nullopt);
    }
    answer["session"] = message.session;
    if (!silent_) send(answer);
    return;
  }
  if (message.body.at("type") == "pin_status" && !silent_)
    send({{"type", "pin_status"},
          {"session", message.body.at("session")},
          {"tries_left", tries_.load()},
          {"locked", tries_ == 0}});
  if (message.body.at("type") == "hand_over" && !silent_)
    send({{"type", "handed_over"}, {"session", message.body.at("session")}, {"kept", true}});
  if (message.body.at("type") == "connectivity" && !silent_)
    send({{"type", "connectivity"}, {"session", 0}, {"reason", "server_timeout"}});
  const std::lock_guard lock(mutex_);
  messages_.push_back(std::move(message.body));
}

}  // namespace shogo::reader
