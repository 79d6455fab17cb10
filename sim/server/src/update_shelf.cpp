#include <algorithm>

#include <shogo/base/rng.h>
#include <shogo/sim/update_shelf.h>

namespace shogo::sim {

contract::SigningKey synthetic_update_key(std::uint64_t seed) {
  Bytes bytes(std::tuple_size_v<contract::PublicKey>);
  Rng(seed, "update.signing-key").fill(bytes);
  return *contract::SigningKey::from_seed(bytes);  // of the right length
}

bool UpdateShelf::is_path(std::string_view path) {
  return path == kPath || (path.substr(0, kPath.size()) == kPath && path[kPath.size()] == '/');
}

std::string UpdateShelf::offer(Bytes package) {
  std::string sha256 = sha256_hex(package);
  const std::lock_guard lock(mutex_);
  const bool known =
      std::any_of(offers_.begin(), offers_.end(), [&](const Offer& offer) { return offer.sha256 == sha256; });
  if (!known) offers_.push_back({sha256, std::move(package)});
  return sha256;
}

void UpdateShelf::clear() {
  const std::lock_guard lock(mutex_);
  offers_.clear();
}

boost::json::array UpdateShelf::list() const {
  const std::lock_guard lock(mutex_);
  boost::json::array updates;
  for (const Offer& offer : offers_) {
    boost::json::object update{{"sha256", offer.sha256}, {"size", offer.package.size()}};
    if (const auto header = contract::claimed_header(offer.package)) {
      update["kind"] = contract::to_string(header->kind);
      update["version"] = header->version.text();
      update["sequence"] = header->sequence;
    }
    updates.push_back(std::move(update));
  }
  return updates;
}

std::optional<Bytes> UpdateShelf::find(std::string_view sha256) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(offers_.begin(), offers_.end(),
                                  [&](const Offer& offer) { return offer.sha256 == sha256; });
  if (found == offers_.end()) return std::nullopt;
  return found->package;
}

}  // namespace shogo::sim
