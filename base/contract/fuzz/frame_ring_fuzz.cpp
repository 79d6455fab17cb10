// A ring as somebody else has left it in shared memory: header, slots and pictures are the fuzzer's. The
// first half of the bytes is there when the ring is opened; then the second half comes over it, as when a
// hostile writer goes on writing.
#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/mman.h>

#include <shogo/contract/frame_ring.h>

namespace {

/// Larger rings make the reader reserve room that is only slow to give.
constexpr std::size_t kMostBytes = 64 << 10;

struct Segment {
  std::string name = fmt::format("/shogo-fuzz-{}", ::getpid());
  int file = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  ~Segment() {
    ::close(file);
    ::shm_unlink(name.c_str());
  }
  void hold(shogo::ByteView bytes) const {
    if (::ftruncate(file, 0) != 0 || ::ftruncate(file, static_cast<off_t>(bytes.size())) != 0) std::abort();
    put(bytes);
  }
  void put(shogo::ByteView bytes) const {
    if (::pwrite(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
  }
};

void look(const shogo::contract::FrameRingReader& ring) {
  const auto frame = ring.latest();
  if (!frame) return;
  if (!frame->image.valid() || frame->image.width != ring.width() || frame->image.height != ring.height())
    __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Segment segment;
  const shogo::ByteView bytes{data, std::min(size, kMostBytes)};
  segment.hold(bytes);
  const auto ring = shogo::contract::FrameRingReader::open(segment.name);
  if (!ring.ok()) return 0;
  look(**ring);
  segment.put(bytes.subspan(bytes.size() / 2));
  look(**ring);
  segment.hold(bytes.first(bytes.size() / 2));
  look(**ring);
  return 0;
}
