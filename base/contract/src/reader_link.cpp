#include <algorithm>
#include <cstring>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/reader_link.h>

namespace shogo::contract {
namespace {

constexpr std::size_t kHeader = 5;
constexpr std::uint8_t kJson = 1;
constexpr std::uint8_t kPin = 2;

void put_be(std::span<std::uint8_t> to, std::uint64_t value) {
  for (std::size_t i = to.size(); i-- > 0; value >>= 8) to[i] = static_cast<std::uint8_t>(value);
}

}  // namespace

Bytes encode_link(const json::object& body) {
  // json::serialize() leaves the text behind in a buffer on the stack, names and all (3-16).
  constexpr std::size_t kPiece = 1'024;
  json::serializer writer;
  writer.reset(&body);
  Bytes out(kHeader);
  while (!writer.done()) {
    const std::size_t at = out.size();
    out.resize(at + kPiece);
    const auto written = writer.read(reinterpret_cast<char*>(&out[at]), kPiece);
    out.resize(at + written.size());
  }
  put_be(std::span(out).first(4), out.size() - 4);
  out[4] = kJson;
  return out;
}

Secret encode_link_pin(std::uint64_t session, const Secret& pin) {
  Secret out(kHeader + 8 + pin.size());
  const auto room = out.expose_room();
  put_be(room.first(4), 1 + 8 + pin.size());
  room[4] = kPin;
  put_be(room.subspan(kHeader, 8), session);
  std::copy(pin.expose().begin(), pin.expose().end(), room.begin() + kHeader + 8);
  out.set_size(out.capacity());
  return out;
}

LinkDecoder::LinkDecoder() : buffer_(kHeader + kLinkMaxPayload) {}

std::span<std::uint8_t> LinkDecoder::room() {
  return buffer_.expose_room().subspan(buffer_.size());
}

void LinkDecoder::added(std::size_t size) {
  buffer_.set_size(buffer_.size() + size);
}

void LinkDecoder::drop_front(std::size_t size) {
  const auto room = buffer_.expose_room();
  const std::size_t rest = buffer_.size() - size;
  std::memmove(room.data(), room.data() + size, rest);
  wipe(room.data() + rest, size);
  buffer_.set_size(rest);
}

Result<std::optional<LinkMessage>> LinkDecoder::next() {
  const ByteView bytes = buffer_.expose();
  if (bytes.size() < kHeader) return std::optional<LinkMessage>{};
  const std::size_t length = static_cast<std::size_t>(read_be(bytes.first(4)));
  if (length < 1 || length > kLinkMaxPayload)
    return Error{Code::kCorrupt,
                 fmt::format("link message of {} bytes; expected 1 to {}", length, kLinkMaxPayload)};
  if (bytes.size() < 4 + length) return std::optional<LinkMessage>{};
  const std::uint8_t kind = bytes[4];
  const ByteView payload = bytes.subspan(kHeader, length - 1);
  LinkMessage message;
  if (kind == kPin) {
    if (payload.size() < 8 || payload.size() > 8 + kLinkMaxPin)
      return Error{Code::kCorrupt, "link PIN message has an impossible size"};
    message.session = read_be(payload.first(8));
    message.pin = Secret(payload.size() - 8);
    for (const std::uint8_t digit : payload.subspan(8)) message.pin.push_back(digit);
  } else if (kind == kJson) {
    SHOGO_TRY(json::value document, parse_json(as_text(payload), "reader link"));
    SHOGO_TRY(const JsonObject object, JsonObject::of(document, "reader link"));
    SHOGO_TRY(const std::string type, object.string("type"));
    message.body = document.get_object();
  } else {
    return Error{Code::kCorrupt, fmt::format("link message of unknown kind {}", kind)};
  }
  drop_front(4 + length);
  return std::optional<LinkMessage>{std::move(message)};
}

}  // namespace shogo::contract
