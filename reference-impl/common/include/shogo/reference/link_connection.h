// One connection of the reader link, either end: TLS with the paired key, framing, heartbeats, and the
// judgement that a silent peer is gone. It never waits: its owner polls fd() for wanted(), no longer than
// until due(), and then calls turn(). One thread at a time.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/contract/reader_link.h>
#include <shogo/reference/link_timing.h>
#include <shogo/reference/tls_psk.h>
#include <shogo/reference/unique_fd.h>

namespace shogo::reference {

/// What goes out in one piece: text first, then what must be wiped.
struct LinkPacket {
  Bytes bytes;
  Secret secret;
};

class LinkConnection {
 public:
  enum class State { kGreeting, kOpen, kClosed };
  enum class End {
    kNone,
    kRefused,  ///< never came up: no listener, no key, or no word within the handshake limit
    kPeerLeft,
    kSilent,
    kBrokenRules,
  };

  /// `socket` is non-blocking; a reader's may still be connecting. `clock` outlives the connection.
  LinkConnection(LinkEnd end, SSL_CTX& context, UniqueFd socket, const LinkTiming& timing,
                 const Clock& clock);

  [[nodiscard]] State state() const { return state_; }
  /// Why it closed.
  [[nodiscard]] End end() const { return end_; }
  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] short wanted() const;
  [[nodiscard]] Nanoseconds due() const;
  [[nodiscard]] bool was_open() const { return opened_.has_value(); }
  /// How long it has been open.
  [[nodiscard]] Nanoseconds held() const;

  void send(LinkPacket packet) { outgoing_.push_back(std::move(packet)); }
  void use(const LinkTiming& timing);
  /// Does all that can be done now. After it has closed, nothing.
  void turn(const std::function<void(contract::LinkMessage)>& on_message);

 private:
  void greet();
  void flush();
  void receive(const std::function<void(contract::LinkMessage)>& on_message);
  /// True when the call may be repeated later.
  [[nodiscard]] bool was_tampered(int result) const;
  bool later(int result);
  void close(End why);

  const LinkEnd side_;
  const Clock& clock_;
  LinkTiming timing_;
  UniqueFd socket_;
  Ssl ssl_;
  State state_ = State::kGreeting;
  End end_ = End::kNone;
  bool wants_write_ = true;
  Nanoseconds began_;
  std::optional<Nanoseconds> opened_;
  Nanoseconds heard_{0};
  Nanoseconds next_beat_{0};
  std::int64_t beats_ = 0;
  std::deque<LinkPacket> outgoing_;
  contract::LinkDecoder decoder_;
};

/// "peer_left", "silent", …: static storage, so that a log may take it.
[[nodiscard]] std::string_view to_string(LinkConnection::End end);

}  // namespace shogo::reference
