#include "management/web_request.h"

#include <algorithm>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr std::size_t kLongestTarget = 256;

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

WebAnswer json_answer(unsigned status, const boost::json::value& body) {
  return {status, "application/json", boost::json::serialize(body), {}};
}

WebAnswer refusal(unsigned status, std::string_view code, std::string_view message) {
  return json_answer(status, {{"error", code}, {"message", message}});
}

Result<void> read_target(std::string_view target, WebRequest& request) {
  const Error strange{Code::kInvalid, "no path of this service"};
  if (target.empty() || target.front() != '/' || target.size() > kLongestTarget) return strange;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    const bool fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/' ||
                      (c == '.' && i > 0 && path[i - 1] != '/' && path[i - 1] != '.');
    if (!fine) return strange;
  }
  request.path = std::string(path);
  std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::size_t equal = pair.find('=');
    if (equal == std::string_view::npos) return strange;
    const std::string_view key = pair.substr(0, equal);
    const std::string_view value = pair.substr(equal + 1);
    if (!is_word(key) || !is_word(value)) return strange;
    if (!request.query.emplace(key, value).second) return strange;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return {};
}

std::string session_cookie(std::string_view header) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    std::string_view pair = header.substr(0, end);
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.substr(0, kSessionCookie.size()) == kSessionCookie && pair.size() > kSessionCookie.size() &&
        pair[kSessionCookie.size()] == '=')
      return std::string(pair.substr(kSessionCookie.size() + 1));
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
  }
  return {};
}

Result<boost::json::object> read_body(const WebRequest& request,
                                      std::initializer_list<std::string_view> keys) {
  // A form of another site can send text/plain; JSON it cannot without being asked for permission first.
  if (request.content_type != "application/json")
    return Error{Code::kInvalid, "the body must be application/json"};
  SHOGO_TRY(json::value document, parse_json(request.body, "request"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "request"));
  SHOGO_CHECK_OK(object.only(keys));
  return std::move(document.get_object());
}

Result<Secret> take_password(boost::json::object& body, std::string_view key) {
  boost::json::value* value = body.if_contains(key);
  if (value == nullptr || !value->is_string() || value->get_string().empty())
    return Error{Code::kInvalid, fmt::format("request: \"{}\" must be a text", key)};
  boost::json::string& text = value->get_string();
  return Secret::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

bool is_our_name(const WebRequest& request, std::uint16_t port) {
  return request.host == fmt::format("127.0.0.1:{}", port) ||
         request.host == fmt::format("localhost:{}", port);
}

bool is_from_here(const WebRequest& request, std::uint16_t port) {
  if (port == 0) return request.origin.empty();
  if (!is_our_name(request, port)) return false;
  if (!request.origin.empty() && request.origin != "http://" + request.host) return false;
  return request.fetch_site.empty() || request.fetch_site == "same-origin" || request.fetch_site == "none";
}

}  // namespace shogo::agent
