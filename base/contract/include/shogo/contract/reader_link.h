// Reader link: reader (firmware) <-> host agent on the clinic PC, inside TLS 1.3 with a pre-shared key that
// pairing gave both. The host agent listens, the reader connects. Wire: u32 big-endian length of what
// follows, u8 kind, payload. Kind json carries every message but one (docs/reader.md lists them); kind pin
// carries the digits, so that they never enter a JSON text or any other buffer that nobody wipes (3-16).
//
//   reader -> host: hello {serial, fw} · pin_status {session} · authenticate {session, operation,
//   without_pin},
//     then pin unless without_pin ·
//     hand_over {session, answers, chosen: {kind: [id]}} · staff_call {session} · connectivity {session} ·
//     end {session} · heartbeat {n} · update_poll {every_ms} · forget_updates {} · update_want {sha256,
//     offset} · update_result {sha256, kind, version, outcome, reason} · versions {parts: [{part, version}]}
//     · for the staff (docs/management.md): settings {settings} · activity {phase, fault, lang} · done
//     {request, error?} · mirror_part {seq, last, data}
//   host -> reader: hello {agent} · card {present, kind: my_number, phone_android, phone_iphone, other,
//     unreadable} ·
//     pin_status {session, tries_left, locked} · result {session, outcome, reason, tries_left, reference,
//     records, over_40, notice, papers: [{kind, id, name}]} · visual_check {armed} · handed_over {session,
//     kept} · connectivity {session, reason} · heartbeat {n} · update {kind, version, outcome, reason} ·
//     versions {parts: [{part, version}]} · updates_forgotten {} · update_offer {sha256, size} · update_part
//     {sha256, offset, data} · for the staff: set_settings {request, settings} · restart {request} · mirror
//     {on}
#pragma once

#include <cstdint>
#include <optional>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/secret.h>

namespace shogo::contract {

/// Longest message either end accepts: none of ours comes near it.
constexpr std::size_t kLinkMaxPayload = 16'384;
constexpr std::size_t kLinkMaxPin = 16;

struct LinkMessage {
  boost::json::object body;   ///< "type" names the message; empty for a PIN
  std::uint64_t session = 0;  ///< PIN only
  Secret pin;                 ///< PIN only: ASCII digits
  [[nodiscard]] bool is_pin() const { return body.empty(); }
};

/// Bytes of a JSON message, ready to send.
[[nodiscard]] Bytes encode_link(const boost::json::object& body);
/// Bytes of a PIN message; the Secret is what gets sent, and wipes itself afterwards.
[[nodiscard]] Secret encode_link_pin(std::uint64_t session, const Secret& pin);

/// Cuts messages out of a byte stream. Its one buffer never moves and is overwritten as soon as a message has
/// left it. One thread at a time.
class LinkDecoder {
 public:
  LinkDecoder();
  /// Where the next bytes from the socket may be written, and how many were.
  [[nodiscard]] std::span<std::uint8_t> room();
  void added(std::size_t size);
  /// The next whole message; nothing when more bytes are needed; an error when the peer broke the rules:
  /// close.
  [[nodiscard]] Result<std::optional<LinkMessage>> next();

 private:
  Secret buffer_;
  void drop_front(std::size_t size);
};

}  // namespace shogo::contract
