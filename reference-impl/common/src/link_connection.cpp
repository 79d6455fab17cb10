#include <algorithm>
#include <csignal>
#include <poll.h>

#include <openssl/err.h>

#include <shogo/reference/link_connection.h>

namespace shogo::reference {

LinkConnection::LinkConnection(LinkEnd end, SSL_CTX& context, UniqueFd socket, const LinkTiming& timing,
                               const Clock& clock)
    : side_(end),
      clock_(clock),
      timing_(timing),
      socket_(std::move(socket)),
      ssl_(SSL_new(&context)),
      began_(clock.now()) {
  // OpenSSL writes to sockets with write(): a peer that has gone must be an error, not the end of the
  // process.
  static const auto before = std::signal(SIGPIPE, SIG_IGN);
  static_cast<void>(before);
  if (ssl_ == nullptr || SSL_set_fd(ssl_.get(), socket_.get()) != 1) {
    close(End::kRefused);
    return;
  }
  if (side_ == LinkEnd::kReader)
    SSL_set_connect_state(ssl_.get());
  else
    SSL_set_accept_state(ssl_.get());
}

short LinkConnection::wanted() const {
  return static_cast<short>(wants_write_ ? POLLIN | POLLOUT : POLLIN);
}

Nanoseconds LinkConnection::due() const {
  switch (state_) {
    case State::kGreeting:
      return began_ + timing_.handshake_limit();
    case State::kOpen:
      return std::min(next_beat_, heard_ + timing_.silence);
    case State::kClosed:
      break;
  }
  return clock_.now();
}

Nanoseconds LinkConnection::held() const {
  return opened_ ? clock_.now() - *opened_ : Nanoseconds{0};
}

void LinkConnection::use(const LinkTiming& timing) {
  timing_ = timing;
  next_beat_ = std::min(next_beat_, clock_.now() + timing.heartbeat);
  // The peer has not heard of it yet and may still keep to its old pace: count from now.
  heard_ = clock_.now();
}

void LinkConnection::close(End why) {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  end_ = why;
  outgoing_.clear();
  ssl_.reset();
  socket_.reset();
  ERR_clear_error();
}

bool LinkConnection::later(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_WRITE) wants_write_ = true;
  return error == SSL_ERROR_WANT_WRITE || error == SSL_ERROR_WANT_READ;
}

/// A record that does not verify: changed, repeated, left out or put in on the way. A peer that goes without
/// a word is another matter.
bool LinkConnection::was_tampered(int result) const {
  return SSL_get_error(ssl_.get(), result) == SSL_ERROR_SSL &&
         ERR_GET_REASON(ERR_peek_last_error()) != SSL_R_UNEXPECTED_EOF_WHILE_READING;
}

void LinkConnection::turn(const std::function<void(contract::LinkMessage)>& on_message) {
  wants_write_ = false;
  if (state_ == State::kGreeting) greet();
  if (state_ != State::kOpen) return;
  if (clock_.now() >= next_beat_) {
    outgoing_.push_back({contract::encode_link({{"type", "heartbeat"}, {"n", ++beats_}}), Secret()});
    next_beat_ = clock_.now() + timing_.heartbeat;
  }
  flush();
  if (state_ == State::kOpen) receive(on_message);
  if (state_ == State::kOpen && clock_.now() - heard_ >= timing_.silence) close(End::kSilent);
}

void LinkConnection::greet() {
  const int rc = SSL_do_handshake(ssl_.get());
  if (rc == 1) {
    state_ = State::kOpen;
    heard_ = clock_.now();
    opened_ = heard_;
    next_beat_ = *opened_ + timing_.heartbeat;
    return;
  }
  if (!later(rc) || clock_.now() - began_ >= timing_.handshake_limit()) close(End::kRefused);
}

void LinkConnection::flush() {
  while (!outgoing_.empty()) {
    LinkPacket& packet = outgoing_.front();
    const bool text = !packet.bytes.empty();
    const ByteView part = text ? ByteView(packet.bytes) : packet.secret.expose();
    if (!part.empty()) {
      const int n = SSL_write(ssl_.get(), part.data(), static_cast<int>(part.size()));
      if (n <= 0) {
        // Whole or not at all: a write that has to wait is repeated with the same bytes.
        if (!later(n)) close(End::kPeerLeft);
        return;
      }
    }
    if (text)
      packet.bytes.clear();
    else
      outgoing_.pop_front();
  }
}

void LinkConnection::receive(const std::function<void(contract::LinkMessage)>& on_message) {
  for (;;) {
    const auto room = decoder_.room();
    const int n = SSL_read(ssl_.get(), room.data(), static_cast<int>(room.size()));
    if (n <= 0) {
      if (!later(n)) close(was_tampered(n) ? End::kBrokenRules : End::kPeerLeft);
      return;
    }
    heard_ = clock_.now();
    decoder_.added(static_cast<std::size_t>(n));
    for (;;) {
      auto message = decoder_.next();
      // A PIN travels towards the host agent only.
      if (!message.ok() || (message->has_value() && (*message)->is_pin() && side_ == LinkEnd::kReader))
        return close(End::kBrokenRules);
      if (!message->has_value()) break;
      on_message(std::move(**message));
    }
  }
}

std::string_view to_string(LinkConnection::End end) {
  switch (end) {
    case LinkConnection::End::kNone:
      return "stopped";
    case LinkConnection::End::kRefused:
      return "refused";
    case LinkConnection::End::kPeerLeft:
      return "peer_left";
    case LinkConnection::End::kSilent:
      return "silent";
    case LinkConnection::End::kBrokenRules:
      return "broken_rules";
  }
  return "stopped";
}

}  // namespace shogo::reference
