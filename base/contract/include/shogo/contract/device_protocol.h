// Device protocol, version 1: harness <-> device adapter. JSON-RPC 2.0 texts and binary frames on one
// WebSocket (docs/device-protocol.md lists every message). Pure encoding and decoding; sockets live with
// whoever owns one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/image.h>
#include <shogo/base/wave.h>

namespace shogo::contract {

constexpr int kProtocolVersion = 1;

/// JSON-RPC error codes of our own (the protocol's list), beside the standard ones.
enum RpcError : int {
  kRpcParse = -32700,
  kRpcInvalidRequest = -32600,
  kRpcMethodNotFound = -32601,
  kRpcInvalidParams = -32602,
  kRpcInternal = -32603,
  kRpcUnimplemented = -32001,
  kRpcNotPermitted = -32002,
  kRpcBusy = -32003,
  kRpcBadState = -32004,
};

struct RpcMessage {
  enum class Kind { kRequest, kNotification, kResult, kError };
  Kind kind = Kind::kNotification;
  std::int64_t id = 0;         ///< requests, results and errors; 0 for an error without a known request
  std::string method;          ///< requests and notifications
  boost::json::value content;  ///< params (an object) or result
  int error_code = 0;
  std::string error_message;
};

[[nodiscard]] std::string encode_request(std::int64_t id, std::string_view method,
                                         boost::json::object params);
[[nodiscard]] std::string encode_notification(std::string_view method, boost::json::object params);
[[nodiscard]] std::string encode_result(std::int64_t id, boost::json::value result);
[[nodiscard]] std::string encode_error(std::int64_t id, int code, std::string_view message);
[[nodiscard]] Result<RpcMessage> parse_rpc(std::string_view text);

/// Texts and binary frames larger than these are refused by both ends.
constexpr std::size_t kMaxRpcText = 4U << 20;
constexpr std::size_t kMaxBinaryFrame = 64U << 20;

enum class Channel : std::uint16_t {
  kScreen = 1,  ///< payload: u32 width, u32 height, u32 format (1 = RGB, 8 bit each, no padding), pixels;
                ///< little-endian
  kLog = 2,     ///< payload: log bytes as stored
  kAudio = 3,   ///< payload: u32 rate, u32 format (1 = 16 bit, one channel), samples; the frame's time is the
                ///< first sample's
  kCamera = 4,
};

/// 32 bytes, little-endian: magic "SHG1", channel u16, flags u16, seq u64, t_dev_ns u64, length u32, reserved
/// u32 = 0.
struct BinaryHeader {
  Channel channel = Channel::kScreen;
  std::uint16_t flags = 0;
  std::uint64_t seq = 0;
  std::uint64_t t_dev_ns = 0;
  std::uint32_t length = 0;
};
constexpr std::size_t kBinaryHeaderSize = 32;
constexpr std::size_t kSoundHeaderSize = 8;
constexpr std::int64_t kLeastSoundRate = 8'000, kMostSoundRate = 96'000;  ///< samples a second
constexpr std::uint32_t kSoundFormat = 1;                                 ///< 16 bit, signed, one channel

struct BinaryFrame {
  BinaryHeader header;
  ByteView payload;  ///< borrows from the bytes given to parse_binary
};

[[nodiscard]] Bytes encode_sound_payload(std::uint32_t rate, std::span<const std::int16_t> samples);
/// kInvalid: format, rate or length make no sense.
[[nodiscard]] Result<Sound> parse_sound_payload(ByteView payload);
[[nodiscard]] Bytes encode_binary(Channel channel, std::uint64_t seq, std::uint64_t t_dev_ns,
                                  ByteView payload);
[[nodiscard]] Result<BinaryFrame> parse_binary(ByteView bytes);

[[nodiscard]] Bytes encode_screen_payload(const Image& rgb);
[[nodiscard]] Result<Image> parse_screen_payload(ByteView payload);

/// Names of capabilities in the answer to `hello` (docs/device-protocol.md says which request needs which).
namespace cap {
inline constexpr std::string_view kScreenFrames = "screen.frames";
inline constexpr std::string_view kScreenUi = "screen.ui";
inline constexpr std::string_view kInputTouch = "input.touch";
inline constexpr std::string_view kInputKey = "input.key";
inline constexpr std::string_view kKeypadPort =
    "keypad.port";  ///< its external keypad is the bench's (bench.keypad_device), which can be unplugged
inline constexpr std::string_view kCardRf = "card.rf";  ///< takes the bench's virtual cards at its antenna
/// Its host side is on the bench: the bench's pcscd sees its cards, and it talks to the bench's eligibility
/// server.
inline constexpr std::string_view kHostPath = "host.path";
inline constexpr std::string_view kLinkPath =
    "link.path";  ///< its reader connects to its host software over the bench's line (bench.link_address)
inline constexpr std::string_view kConnectivity =
    "host.connectivity";  ///< its check of the way to the eligibility server can be started
inline constexpr std::string_view kLogExport = "log.export";
inline constexpr std::string_view kClockVirtual =
    "clock.virtual";  ///< its time stands still and moves on request
inline constexpr std::string_view kUpdates =
    "update.offers";  ///< takes update packages that the bench's eligibility server offers (docs/updates.md)
inline constexpr std::string_view kSettings = "config.settings";
inline constexpr std::string_view kAudio = "audio.out";  ///< what its loudspeaker plays can be heard
}  // namespace cap

}  // namespace shogo::contract
