// Looking for what must be gone in the memory of another process (3-16). The shipped programs refuse to be
// looked at (3-19): only root, whom nobody can refuse, sees them as they are. Everybody else looks at the
// programs of the test build with the one defect that they can be looked at, m.dump.ptrace_ok; what they do
// with their memory is the same.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <shogo/base/bytes.h>

namespace shogo::conformance {

struct MemoryHit {
  std::uint64_t address = 0;
  std::string mapping;  ///< "[heap]", "[stack]", a file's name, or "" of anonymous memory
  bool operator<(const MemoryHit& other) const { return address < other.address; }
};

/// Every place in the writable memory of process `pid` where `what` lies; `readable` false when the process
/// cannot be looked at (no hits then mean nothing).
struct MemorySearch {
  bool readable = false;
  std::set<MemoryHit> hits;
};
[[nodiscard]] MemorySearch search_memory(int pid, ByteView what);

}  // namespace shogo::conformance
