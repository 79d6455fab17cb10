// The state of a PackageStore as the text of one file: which package is in force, which was before, how often
// a version on trial has started, and whose signatures count.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <shogo/reference/package_store.h>

namespace shogo::reference {

struct Shelf {
  std::uint64_t highest_sequence = 0;
  std::optional<PackageStore::Installed> active, previous;
  int trial_starts = 0;  ///< 0: not on trial
  bool works = false;    ///< its trial is over, and the disk does not know it yet; not stored
};

struct PackageState {
  std::map<PackageKind, Shelf> shelves;
  std::vector<PublicKey> keys;
};

[[nodiscard]] std::string state_text(const PackageState& state);
/// kCorrupt: not what state_text() writes.
[[nodiscard]] Result<PackageState> parse_state(std::string_view text);

}  // namespace shogo::reference
