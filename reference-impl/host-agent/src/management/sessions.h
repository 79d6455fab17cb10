// Who is logged in. A session is known by two random values: one that the browser keeps in a cookie, and one
// that the page sends in a header. A cookie is sent by a browser on its own, also to another port of this
// machine, so it opens nothing without the other. Kept are digests only. One thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/clock.h>

namespace shogo::agent {

struct SessionKeys {
  std::string token;  ///< 64 hex digits, the cookie
  std::string proof;  ///< 64 hex digits, the header X-Shogo-Proof
};

class Sessions {
 public:
  static constexpr std::size_t kMost = 8;
  static constexpr milliseconds kIdle{15 * 60'000};
  static constexpr milliseconds kLongest{12 * 3'600'000};

  /// The oldest goes when there are too many.
  [[nodiscard]] SessionKeys begin(Nanoseconds now);
  /// True, and it counts as used, when both belong to one living session.
  [[nodiscard]] bool known(std::string_view token, std::string_view proof, Nanoseconds now);
  void end(std::string_view token);
  void end_all() { sessions_.clear(); }
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

 private:
  struct One {
    std::string token_digest, proof_digest;
    Nanoseconds began, used;
  };
  std::vector<One> sessions_;
};

}  // namespace shogo::agent
