// The fund program's side of the eligibility server: one HTTPS exchange with mutual TLS inside one deadline.
// Answers carry personal data, so they live in Secrets from the socket on. One thread at a time asks; any may
// cancel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/base/secret.h>

namespace shogo::sim {

struct ServerAnswer {
  int http_status = 0;
  Secret body;
};

class ServerClient {
 public:
  struct Options {
    std::string url;  ///< "https://host:port"
    std::string trust_anchor_pem;
    std::string client_cert_pem;
    std::string client_key_pem;
    milliseconds timeout{10'000};  ///< from the first packet to the last byte of the answer
  };
  /// Reads the files; does not connect.
  static Result<std::unique_ptr<ServerClient>> open(const Options& options);
  ~ServerClient();

  /// kTimeout: no answer in time. kUnavailable: refused, reset, or TLS did not agree. kCorrupt: not HTTP, or
  /// more than an answer may be. kCancelled: by cancel(), now or since the last begin().
  [[nodiscard]] Result<ServerAnswer> get(std::string_view path);
  [[nodiscard]] Result<ServerAnswer> post(std::string_view path, std::string_view json);
  /// A new operation: what was cancelled before is over.
  void begin();
  /// From any thread: ends the exchange under way and refuses those up to the next begin(). A name that is
  /// being looked up is waited for: the system's resolver cannot be called back.
  void cancel();

 private:
  struct Impl;
  explicit ServerClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
