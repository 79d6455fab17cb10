// The clinic's staff at the management of the reader (docs/management.md): a plain HTTP client on the bench,
// with nothing of the device's own code. Any thread may use a copy of it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include <shogo/conformance/stage.h>

namespace shogo::conformance {

struct HttpAnswer {
  int status = 0;
  std::string cookie, tag, retry_after;  ///< Set-Cookie up to its first semicolon, ETag, Retry-After
  std::string body;
};
/// What came, as far as it is an answer of HTTP/1.1 with a length; kInvalid else.
[[nodiscard]] Result<HttpAnswer> parse_http_answer(std::string_view bytes);

struct StaffKeys {
  std::string cookie, proof;
};

class StaffClient {
 public:
  /// Asks the device where its management is. kUnsupported without host.management.
  static Result<StaffClient> find(Stage& stage);

  [[nodiscard]] Result<HttpAnswer> ask(std::string_view method, std::string_view path,
                                       const boost::json::value& body = nullptr, const StaffKeys& keys = {},
                                       std::string_view more_headers = "") const;
  /// Sends these bytes and returns what comes until the other end closes.
  [[nodiscard]] Result<std::string> raw(std::string_view bytes) const;
  /// A connection that says nothing: its descriptor, or -1.
  [[nodiscard]] int connect() const;
  /// Logs in as the bench's staff; sets their password first where nobody has. Waits where it must.
  Result<StaffKeys> login(Stage& stage) const;
  [[nodiscard]] Result<HttpAnswer> try_password(std::string_view password) const;

 private:
  std::string address_, one_time_;
};

/// A text at this path of a JSON body ("reader", "phase"); empty when there is none.
[[nodiscard]] std::string text_at(const HttpAnswer& answer, std::initializer_list<std::string_view> path);

}  // namespace shogo::conformance
