#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <shogo/contract/frame_ring.h>

namespace shogo::contract {
namespace {

constexpr std::uint32_t kMagic = 0x52474853;  // "SHGR"
constexpr std::uint32_t kVersion = 1;

struct Header {
  std::uint32_t magic;
  std::uint32_t version;
  std::uint32_t width, height, channels, slots;
  std::atomic<std::uint64_t> newest;  // number of the newest whole frame
};

struct Slot {
  std::atomic<std::uint64_t> sequence;  // odd while being written, else 2 * number
  std::uint64_t timestamp_ns;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

std::size_t frame_bytes(const Header& h) {
  return std::size_t{h.width} * h.height * h.channels;
}
std::size_t slot_bytes(const Header& h) {
  return (sizeof(Slot) + frame_bytes(h) + 63) / 64 * 64;
}
std::size_t ring_bytes(const Header& h) {
  return 64 + slot_bytes(h) * h.slots;
}

template <typename Memory>
auto* slot_at(Memory* memory, const Header& header, std::uint64_t number) {
  using Byte = std::conditional_t<std::is_const_v<Memory>, const std::uint8_t, std::uint8_t>;
  using S = std::conditional_t<std::is_const_v<Memory>, const Slot, Slot>;
  return reinterpret_cast<S*>(static_cast<Byte*>(memory) + 64 + slot_bytes(header) * (number % header.slots));
}

Error errno_error(const std::string& name, const char* what) {
  return Error{errno == ENOENT ? Code::kNotFound : Code::kUnavailable,
               fmt::format("frame ring {}: cannot {}: {}", name, what, std::strerror(errno))};
}

}  // namespace

Result<std::unique_ptr<FrameRingWriter>> FrameRingWriter::create(const std::string& name, int width,
                                                                 int height, int channels, int slots) {
  if (width < 1 || width > 16384 || height < 1 || height > 16384 || (channels != 1 && channels != 3) ||
      slots < 2 || slots > 64)
    return Error{Code::kInvalid, fmt::format("frame ring {}: {}x{}x{} in {} slots is not a camera's shape",
                                             name, width, height, channels, slots)};
  const Header shape{kMagic,
                     kVersion,
                     static_cast<std::uint32_t>(width),
                     static_cast<std::uint32_t>(height),
                     static_cast<std::uint32_t>(channels),
                     static_cast<std::uint32_t>(slots),
                     {0}};
  ::shm_unlink(name.c_str());
  const int fd = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd < 0) return errno_error(name, "create");
  auto ring = std::unique_ptr<FrameRingWriter>(new FrameRingWriter);
  ring->name_ = name;
  ring->size_ = ring_bytes(shape);
  const bool sized = ::ftruncate(fd, static_cast<off_t>(ring->size_)) == 0;
  ring->memory_ =
      sized ? ::mmap(nullptr, ring->size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  ::close(fd);
  if (ring->memory_ == MAP_FAILED) {
    ring->memory_ = nullptr;
    return errno_error(name, "map");
  }
  auto* header = new (ring->memory_) Header;
  header->version = shape.version;
  header->width = shape.width;
  header->height = shape.height;
  header->channels = shape.channels;
  header->slots = shape.slots;
  header->newest = 0;
  header->magic = kMagic;
  return ring;
}

FrameRingWriter::~FrameRingWriter() {
  // Frames show faces: nothing of them stays behind (3-15).
  if (memory_ != nullptr) {
    std::memset(static_cast<std::uint8_t*>(memory_) + 64, 0, size_ - 64);
    ::munmap(memory_, size_);
  }
  ::shm_unlink(name_.c_str());
}

Result<void> FrameRingWriter::write(const Image& image, std::uint64_t timestamp_ns) {
  auto& header = *static_cast<Header*>(memory_);
  if (!image.valid() || static_cast<std::uint32_t>(image.width) != header.width ||
      static_cast<std::uint32_t>(image.height) != header.height ||
      static_cast<std::uint32_t>(image.channels) != header.channels)
    return Error{Code::kInvalid, fmt::format("frame ring {}: a frame of another shape", name_)};
  const std::uint64_t number = header.newest.load(std::memory_order_relaxed) + 1;
  Slot* slot = slot_at(memory_, header, number);
  slot->sequence.store(2 * number - 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  slot->timestamp_ns = timestamp_ns;
  std::memcpy(reinterpret_cast<std::uint8_t*>(slot) + sizeof(Slot), image.pixels.data(), image.pixels.size());
  slot->sequence.store(2 * number, std::memory_order_release);
  header.newest.store(number, std::memory_order_release);
  return {};
}

Result<std::unique_ptr<FrameRingReader>> FrameRingReader::open(const std::string& name) {
  const int fd = ::shm_open(name.c_str(), O_RDONLY, 0);
  if (fd < 0) return errno_error(name, "open");
  struct stat st {};
  auto ring = std::unique_ptr<FrameRingReader>(new FrameRingReader);
  if (::fstat(fd, &st) == 0 && st.st_size >= 64) {
    ring->size_ = static_cast<std::size_t>(st.st_size);
    void* memory = ::mmap(nullptr, ring->size_, PROT_READ, MAP_SHARED, fd, 0);
    ring->memory_ = memory == MAP_FAILED ? nullptr : memory;
  }
  ::close(fd);
  if (ring->memory_ == nullptr) return errno_error(name, "map");
  const auto& header = *static_cast<const Header*>(ring->memory_);
  if (header.magic != kMagic || header.version != kVersion || header.width > 16384 || header.height > 16384 ||
      header.channels > 4 || header.slots < 2 || header.slots > 64 || ring_bytes(header) > ring->size_)
    return Error{Code::kCorrupt, fmt::format("frame ring {}: its header makes no sense", name)};
  return ring;
}

FrameRingReader::~FrameRingReader() {
  if (memory_ != nullptr) ::munmap(const_cast<void*>(memory_), size_);
}

std::optional<RingFrame> FrameRingReader::latest(std::uint64_t after) const {
  const auto& header = *static_cast<const Header*>(memory_);
  for (int attempt = 0; attempt < 4; ++attempt) {
    const std::uint64_t number = header.newest.load(std::memory_order_acquire);
    if (number <= after) return std::nullopt;
    const Slot* slot = slot_at(memory_, header, number);
    if (slot->sequence.load(std::memory_order_acquire) != 2 * number) continue;
    RingFrame frame;
    frame.number = number;
    frame.timestamp_ns = slot->timestamp_ns;
    frame.image.width = static_cast<int>(header.width);
    frame.image.height = static_cast<int>(header.height);
    frame.image.channels = static_cast<int>(header.channels);
    frame.image.pixels.resize(frame_bytes(header));
    std::memcpy(frame.image.pixels.data(), reinterpret_cast<const std::uint8_t*>(slot) + sizeof(Slot),
                frame.image.pixels.size());
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot->sequence.load(std::memory_order_relaxed) == 2 * number) return frame;
  }
  return std::nullopt;
}

}  // namespace shogo::contract
