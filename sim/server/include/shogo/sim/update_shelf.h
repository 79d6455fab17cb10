// The update packages (docs/updates.md) that the server offers, in the order of their offering. The shelf
// passes on whatever it is given and verifies nothing: whoever installs a package must, and a bench offers
// bad ones on purpose. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/contract/update_package.h>

namespace shogo::sim {

/// *Synthetic*: whoever knows the seed has the key. Devices on a bench of this seed trust it
/// (bench.update_keys), and `shogo package --seed` signs with it.
[[nodiscard]] contract::SigningKey synthetic_update_key(std::uint64_t seed);

class UpdateShelf {
 public:
  static constexpr std::string_view kPath = "/v1/updates";
  /// Whether a request is about updates: kPath, or anything below it.
  [[nodiscard]] static bool is_path(std::string_view path);

  /// Returns the package's SHA-256. The same package twice is offered once.
  std::string offer(Bytes package);
  void clear();
  /// One object a package: sha256 and size of the whole package; kind, version and sequence as its header
  /// claims, where that can be read.
  [[nodiscard]] boost::json::array list() const;
  /// By SHA-256 in lower-case hex.
  [[nodiscard]] std::optional<Bytes> find(std::string_view sha256) const;

 private:
  struct Offer {
    std::string sha256;
    Bytes package;
  };
  mutable std::mutex mutex_;
  std::vector<Offer> offers_;
};

}  // namespace shogo::sim
