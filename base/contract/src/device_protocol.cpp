#include <cstring>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::contract {
namespace {

constexpr std::uint32_t kFormatRgb = 1;

void append_le(Bytes& out, std::uint64_t value, int octets) {
  for (int i = 0; i < octets; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t read_le(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

Error invalid(std::string message) {
  return Error{Code::kInvalid, std::move(message)};
}

}  // namespace

std::string encode_request(std::int64_t id, std::string_view method, json::object params) {
  return json::serialize(
      json::object{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
}

std::string encode_notification(std::string_view method, json::object params) {
  return json::serialize(json::object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

std::string encode_result(std::int64_t id, json::value result) {
  return json::serialize(json::object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}});
}

std::string encode_error(std::int64_t id, int code, std::string_view message) {
  json::value id_value = id;
  if (id == 0) id_value = nullptr;
  return json::serialize(json::object{
      {"jsonrpc", "2.0"}, {"id", std::move(id_value)}, {"error", {{"code", code}, {"message", message}}}});
}

Result<RpcMessage> parse_rpc(std::string_view text) {
  if (text.size() > kMaxRpcText)
    return invalid(fmt::format("message of {} bytes; at most {}", text.size(), kMaxRpcText));
  SHOGO_TRY(json::value document, parse_json(text, "message"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "message"));
  SHOGO_TRY(const std::string version, object.string("jsonrpc"));
  if (version != "2.0") return invalid("\"jsonrpc\" must be \"2.0\"");

  RpcMessage message;
  const bool has_id = !object.missing("id");
  if (has_id) {
    SHOGO_TRY(message.id, object.integer("id"));
    if (message.id <= 0) return invalid("\"id\" must be a positive integer");
  }
  if (!object.missing("method")) {
    message.kind = has_id ? RpcMessage::Kind::kRequest : RpcMessage::Kind::kNotification;
    SHOGO_TRY(message.method, object.string("method"));
    message.content = json::object{};
    if (!object.missing("params")) {
      SHOGO_TRY(const JsonObject params, object.object("params"));
      message.content = params.raw();
    }
    return message;
  }
  if (!object.missing("error")) {
    message.kind = RpcMessage::Kind::kError;
    SHOGO_TRY(const JsonObject error, object.object("error"));
    SHOGO_TRY(const std::int64_t code, error.integer("code"));
    message.error_code = static_cast<int>(code);
    SHOGO_TRY(message.error_message, error.string("message"));
    return message;
  }
  const json::value* result = object.raw().if_contains("result");
  if (!has_id || result == nullptr)
    return invalid("neither a request (method), a result (id and result) nor an error");
  message.kind = RpcMessage::Kind::kResult;
  message.content = *result;
  return message;
}

Bytes encode_sound_payload(std::uint32_t rate, std::span<const std::int16_t> samples) {
  Bytes out;
  out.reserve(kSoundHeaderSize + 2 * samples.size());
  append_le(out, rate, 4);
  append_le(out, kSoundFormat, 4);
  for (const std::int16_t sample : samples) append_le(out, static_cast<std::uint16_t>(sample), 2);
  return out;
}

Result<Sound> parse_sound_payload(ByteView payload) {
  if (payload.size() < kSoundHeaderSize || payload.size() % 2 != 0)
    return invalid(
        fmt::format("sound of {} bytes; rate, format and samples of 2 bytes expected", payload.size()));
  Sound sound;
  sound.rate = static_cast<std::uint32_t>(read_le(payload.first(4)));
  if (sound.rate < kLeastSoundRate || sound.rate > kMostSoundRate)
    return invalid(fmt::format("sound of {} samples a second; {} to {} expected", sound.rate, kLeastSoundRate,
                               kMostSoundRate));
  if (const auto format = read_le(payload.subspan(4, 4)); format != kSoundFormat)
    return invalid(fmt::format("sound in the format {}; version 1 has only 1", format));
  for (std::size_t at = kSoundHeaderSize; at < payload.size(); at += 2)
    sound.samples.push_back(static_cast<std::int16_t>(read_le(payload.subspan(at, 2))));
  return sound;
}

Bytes encode_binary(Channel channel, std::uint64_t seq, std::uint64_t t_dev_ns, ByteView payload) {
  Bytes out;
  out.reserve(kBinaryHeaderSize + payload.size());
  append(out, as_bytes("SHG1"));
  append_le(out, static_cast<std::uint16_t>(channel), 2);
  append_le(out, 0, 2);
  append_le(out, seq, 8);
  append_le(out, t_dev_ns, 8);
  append_le(out, payload.size(), 4);
  append_le(out, 0, 4);
  append(out, payload);
  return out;
}

Result<BinaryFrame> parse_binary(ByteView bytes) {
  if (bytes.size() < kBinaryHeaderSize)
    return invalid(
        fmt::format("binary frame of {} bytes; the header alone has {}", bytes.size(), kBinaryHeaderSize));
  if (as_text(bytes.first(4)) != "SHG1") return invalid("binary frame does not begin with SHG1");
  BinaryFrame frame;
  frame.header.channel = static_cast<Channel>(read_le(bytes.subspan(4, 2)));
  frame.header.flags = static_cast<std::uint16_t>(read_le(bytes.subspan(6, 2)));
  frame.header.seq = read_le(bytes.subspan(8, 8));
  frame.header.t_dev_ns = read_le(bytes.subspan(16, 8));
  frame.header.length = static_cast<std::uint32_t>(read_le(bytes.subspan(24, 4)));
  if (read_le(bytes.subspan(28, 4)) != 0) return invalid("reserved header field is not 0");
  frame.payload = bytes.subspan(kBinaryHeaderSize);
  if (frame.payload.size() != frame.header.length)
    return invalid(
        fmt::format("header announces {} payload bytes, {} came", frame.header.length, frame.payload.size()));
  return frame;
}

Bytes encode_screen_payload(const Image& rgb) {
  Bytes out;
  out.reserve(12 + rgb.pixels.size());
  append_le(out, static_cast<std::uint32_t>(rgb.width), 4);
  append_le(out, static_cast<std::uint32_t>(rgb.height), 4);
  append_le(out, kFormatRgb, 4);
  append(out, rgb.pixels);
  return out;
}

Result<Image> parse_screen_payload(ByteView payload) {
  if (payload.size() < 12) return invalid("screen payload shorter than its own header");
  const std::uint64_t width = read_le(payload.subspan(0, 4));
  const std::uint64_t height = read_le(payload.subspan(4, 4));
  const std::uint64_t format = read_le(payload.subspan(8, 4));
  if (format != kFormatRgb) return invalid(fmt::format("screen format {} is unknown; 1 is RGB", format));
  if (width == 0 || height == 0 || width > 16384 || height > 16384)
    return invalid(fmt::format("screen of {} x {} pixels; expected 1 to 16384 each", width, height));
  const ByteView pixels = payload.subspan(12);
  if (pixels.size() != width * height * 3)
    return invalid(
        fmt::format("{} x {} RGB needs {} bytes, {} came", width, height, width * height * 3, pixels.size()));
  Image image;
  image.width = static_cast<int>(width);
  image.height = static_cast<int>(height);
  image.channels = 3;
  image.pixels.assign(pixels.begin(), pixels.end());
  return image;
}

}  // namespace shogo::contract
