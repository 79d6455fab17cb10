// The host agent's way to update packages: HTTPS with mutual TLS to the server of the online-claim network,
// and to nobody else (4-9.d). One thread asks; any may cancel. The fund program's client is its own and takes
// no large answers.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>

namespace shogo::agent {

/// Where packages come from; a script in tests.
class PackageSource {
 public:
  virtual ~PackageSource() = default;
  /// Body of GET `path`, at most `limit` bytes. kNotFound: the server has no such thing. kExhausted: more
  /// than `limit`. kUnavailable, kTimeout: no server. kCorrupt: not HTTP. kCancelled.
  [[nodiscard]] virtual Result<Bytes> get(std::string_view path, std::size_t limit) = 0;
  /// For good: the exchange under way ends soon, and no other begins.
  virtual void cancel() = 0;
};

class ClaimNetwork final : public PackageSource {
 public:
  struct Options {
    std::string url;                                                ///< "https://host:port"
    std::string trust_anchor_pem, client_cert_pem, client_key_pem;  ///< files
    milliseconds timeout{60'000};  ///< of one exchange, from the first packet to the last byte
  };
  /// Reads the files; does not connect.
  static Result<std::unique_ptr<ClaimNetwork>> open(const Options& options);
  ~ClaimNetwork() override;
  [[nodiscard]] Result<Bytes> get(std::string_view path, std::size_t limit) override;
  void cancel() override;

 private:
  struct Impl;
  explicit ClaimNetwork(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::agent
