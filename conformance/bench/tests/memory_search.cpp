#include "memory_search.h"

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <sstream>
#include <unistd.h>

#include <fmt/core.h>

namespace shogo::conformance {

MemorySearch search_memory(int pid, ByteView what) {
  MemorySearch search;
  const int memory = ::open(fmt::format("/proc/{}/mem", pid).c_str(), O_RDONLY | O_CLOEXEC);
  std::ifstream maps(fmt::format("/proc/{}/maps", pid));
  if (memory < 0 || !maps) return search;
  const std::boyer_moore_searcher searcher(what.begin(), what.end());
  for (std::string line; std::getline(maps, line);) {
    std::istringstream in(line);
    std::string range, rights, offset, device, inode, name;
    in >> range >> rights >> offset >> device >> inode >> name;
    if (rights.substr(0, 2) != "rw") continue;
    const std::size_t dash = range.find('-');
    const std::uint64_t begin = std::stoull(range.substr(0, dash), nullptr, 16);
    const std::uint64_t end = std::stoull(range.substr(dash + 1), nullptr, 16);
    Bytes bytes(end - begin);
    std::size_t got = 0;
    while (got < bytes.size()) {
      const ssize_t n =
          ::pread(memory, bytes.data() + got, bytes.size() - got, static_cast<off_t>(begin + got));
      if (n <= 0) break;
      got += static_cast<std::size_t>(n);
    }
    search.readable = search.readable || got > 0;
    bytes.resize(got);
    for (auto at = bytes.begin();;) {
      at = std::search(at, bytes.end(), searcher);
      if (at == bytes.end()) break;
      search.hits.insert({begin + static_cast<std::uint64_t>(at - bytes.begin()), name});
      ++at;
    }
  }
  ::close(memory);
  return search;
}

}  // namespace shogo::conformance
