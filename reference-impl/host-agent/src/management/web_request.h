// A request to the management of the reader, taken out of HTTP, and its answer. Pure: bytes of a stranger
// come in, words with known limits go out (fuzz_management_request).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>
#include <shogo/base/secret.h>

namespace shogo::agent {

inline constexpr std::size_t kMostHeader = 8'192;
inline constexpr std::size_t kMostBody = 8'192;

struct WebRequest {
  std::string method;  ///< "GET", "POST"; any other is refused
  std::string path;    ///< without the query
  std::map<std::string, std::string> query;
  std::string host, origin, fetch_site, content_type;
  std::string token;          ///< the cookie
  std::string proof;          ///< the header X-Shogo-Proof
  std::string known_picture;  ///< If-None-Match
  std::string body;
};

struct WebAnswer {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};
[[nodiscard]] WebAnswer json_answer(unsigned status, const boost::json::value& body);
/// {"error": code, "message": …}: `code` is for programs, the message for people.
[[nodiscard]] WebAnswer refusal(unsigned status, std::string_view code, std::string_view message);

/// "/api/logs?lines=20" into path and query. kInvalid for what is no plain path of ours: no escapes, no dots.
[[nodiscard]] Result<void> read_target(std::string_view target, WebRequest& request);
/// The value of our cookie among all; empty without it.
[[nodiscard]] std::string session_cookie(std::string_view header);
inline constexpr std::string_view kSessionCookie = "shogo_staff";

/// The body as a JSON object with no other keys than these.
[[nodiscard]] Result<boost::json::object> read_body(const WebRequest& request,
                                                    std::initializer_list<std::string_view> keys);
/// Takes a password out of a body and wipes it there.
[[nodiscard]] Result<Secret> take_password(boost::json::object& body, std::string_view key);

/// The page was asked for by its own name. A name that a foreign server points at this machine (DNS
/// rebinding) is another one.
[[nodiscard]] bool is_our_name(const WebRequest& request, std::uint16_t port);
/// Cross-site requests end here: the page's own address, or none (a program). `port` 0: the local socket.
[[nodiscard]] bool is_from_here(const WebRequest& request, std::uint16_t port);

}  // namespace shogo::agent
