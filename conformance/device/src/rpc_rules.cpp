#include "rpc_rules.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include <shogo/contract/states.h>

namespace shogo::conformance {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kOutcomes{"ok", "ng", "cancelled"};
constexpr std::array<std::string_view, 15> kReasons{
    "none",           "wrong_pin",       "pin_locked",         "cert_expired",   "cert_revoked",
    "not_registered", "not_eligible",    "server_unreachable", "server_timeout", "server_error",
    "card_removed",   "card_unreadable", "card_unsupported",   "timeout",        "user_ended"};

template <typename List>
bool contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// The string at `key`, or a violation that says what stood there instead.
const json::string* text_at(std::string_view method, const json::object& params, std::string_view key,
                            RpcRules::Finding& finding) {
  const json::value* value = params.if_contains(key);
  if (value != nullptr && value->is_string()) return &value->get_string();
  finding.violations.push_back(fmt::format(
      "{}: \"{}\" must be a text; {}", method, key,
      value == nullptr ? "it is missing" : "it is " + std::string(json::to_string(value->kind()))));
  finding.deliver = false;
  return nullptr;
}

/// Boost.JSON keeps small positive numbers as int64 and only large ones as uint64.
std::optional<std::int64_t> integer_at(const json::object& params, std::string_view key) {
  const json::value* value = params.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

void check_state(const json::object& params, RpcRules::Finding& finding) {
  const json::string* name = text_at("state", params, "name", finding);
  for (const std::string_view key : {"screen_id", "lang", "substate"}) text_at("state", params, key, finding);
  if (name != nullptr && !contract::state_from(*name))
    finding.violations.push_back(fmt::format("state: \"{}\" is not in the list of states", quoted(*name)));
}

void check_result(const json::object& params, RpcRules::Finding& finding) {
  const json::string* outcome = text_at("result", params, "outcome", finding);
  const json::string* reason = text_at("result", params, "reason", finding);
  text_at("result", params, "method", finding);
  text_at("result", params, "session", finding);
  if (outcome != nullptr && !contains(kOutcomes, *outcome))
    finding.violations.push_back(
        fmt::format("result: outcome \"{}\"; expected ok, ng or cancelled", quoted(*outcome)));
  if (reason != nullptr && !contains(kReasons, *reason))
    finding.violations.push_back(
        fmt::format("result: reason \"{}\" is not in the list of reasons", quoted(*reason)));
  if (!integer_at(params, "attempts")) {
    finding.violations.emplace_back("result: \"attempts\" must be an integer");
    finding.deliver = false;
  }
}

}  // namespace

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string line(text.substr(0, kLongest));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (text.size() > kLongest) line += "…";
  return line;
}

void RpcRules::check_order(std::string_view method, const json::object& params, Finding& finding) {
  const auto seq = integer_at(params, "seq");
  if (!seq || *seq < 1) {
    finding.violations.push_back(fmt::format("{}: \"seq\" must be a positive integer", method));
  } else {
    // A gap means a lost notification: no check that says "this never happened" may rest on such a recording.
    if (last_seq_ && *seq != *last_seq_ + 1)
      finding.violations.push_back(
          fmt::format("{}: seq {} after {}; expected {}", method, *seq, *last_seq_, *last_seq_ + 1));
    last_seq_ = *seq;
  }
  const auto t_dev = integer_at(params, "t_dev");
  if (!t_dev || *t_dev < 0) {
    finding.violations.push_back(fmt::format("{}: \"t_dev\" must be nanoseconds, an integer", method));
  } else {
    if (*t_dev < last_t_dev_)
      finding.violations.push_back(
          fmt::format("{}: t_dev went back from {} to {} ns", method, last_t_dev_, *t_dev));
    last_t_dev_ = *t_dev;
  }
}

RpcRules::Finding RpcRules::notification(std::string_view method, const json::object& params) {
  Finding finding;
  check_order(quoted(method), params, finding);
  if (method == "state") check_state(params, finding);
  if (method == "result") check_result(params, finding);
  return finding;
}

RpcRules::Finding RpcRules::binary(const contract::BinaryHeader& header) {
  Finding finding;
  const auto channel = static_cast<std::uint16_t>(header.channel);
  if (channel < 1 || channel > 4) {
    finding.violations.push_back(fmt::format("binary frame on channel {}, which does not exist", channel));
    finding.deliver = false;
    return finding;
  }
  if (header.flags != 0)
    finding.violations.push_back(fmt::format("binary frame with flags {}; version 1 has none", header.flags));
  const auto last = last_binary_seq_.find(channel);
  if (last != last_binary_seq_.end() && header.seq <= last->second)
    finding.violations.push_back(
        fmt::format("binary frame on channel {}: seq {} after {}", channel, header.seq, last->second));
  last_binary_seq_[channel] = header.seq;
  return finding;
}

Error error_of_device(std::string_view method, int code, std::string_view message) {
  const auto error = [&](Code ours, std::string_view meaning) {
    return Error{ours,
                 fmt::format("{}: the device answers {} ({}): {}", method, meaning, code, quoted(message))};
  };
  switch (code) {
    case contract::kRpcUnimplemented:
      return error(Code::kUnsupported, "UNIMPLEMENTED");
    case contract::kRpcMethodNotFound:
      return error(Code::kUnsupported, "method not found");
    case contract::kRpcNotPermitted:
      return error(Code::kDenied, "NOT_PERMITTED");
    case contract::kRpcBusy:
      return error(Code::kConflict, "BUSY");
    case contract::kRpcBadState:
      return error(Code::kConflict, "BAD_STATE");
    default:
      return error(Code::kInvalid, "an error");
  }
}

}  // namespace shogo::conformance
