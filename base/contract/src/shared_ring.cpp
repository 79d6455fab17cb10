#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <shogo/contract/shared_ring.h>

namespace shogo::contract {
namespace {

constexpr std::uint32_t kMagic = 0x52474853;  // "SHGR"
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kHeaderBytes = 64;
constexpr std::uint32_t kLeastSlots = 2, kMostSlots = 64, kMostCapacity = 1U << 30;

struct Header {
  std::uint32_t magic, version, kind, slots, capacity;
  std::uint32_t about[3];
  std::atomic<std::uint64_t> newest;  ///< number of the newest whole record
};
static_assert(sizeof(Header) <= kHeaderBytes);

struct Slot {
  std::atomic<std::uint64_t> sequence;  ///< odd while being written, else 2 * number
  std::uint64_t timestamp_ns, size;
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && sizeof(std::atomic<std::uint64_t>) == 8);

/// A slot's head as a reader copies it.
struct SlotHead {
  std::uint64_t sequence, timestamp_ns, size;
};
static_assert(sizeof(SlotHead) == sizeof(Slot));

std::size_t slot_bytes(const RingShape& shape) {
  return (sizeof(Slot) + std::size_t{shape.capacity} + 63) / 64 * 64;
}
std::size_t ring_bytes(const RingShape& shape) {
  return kHeaderBytes + slot_bytes(shape) * shape.slots;
}
std::size_t place_of(const RingShape& shape, std::uint64_t number) {
  return kHeaderBytes + slot_bytes(shape) * static_cast<std::size_t>(number % shape.slots);
}
bool possible(const RingShape& shape) {
  return shape.slots >= kLeastSlots && shape.slots <= kMostSlots && shape.capacity >= 1 &&
         shape.capacity <= kMostCapacity;
}

Error errno_error(const std::string& name, const char* what) {
  const int number = errno;
  const Code code = number == ENOENT                      ? Code::kNotFound
                    : number == ENOSPC || number == EFBIG ? Code::kExhausted
                    : number == EACCES                    ? Code::kDenied
                                                          : Code::kUnavailable;
  return Error{code, fmt::format("ring {}: cannot {}: {}", name, what, std::strerror(number))};
}

bool read_all(int file, void* to, std::size_t size, std::size_t from) {
  auto* out = static_cast<std::uint8_t*>(to);
  while (size > 0) {
    const ssize_t n = ::pread(file, out, size, static_cast<off_t>(from));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    out += n;
    from += static_cast<std::size_t>(n);
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<SharedRingWriter>> SharedRingWriter::create(const std::string& name,
                                                                   const RingShape& shape) {
  if (!possible(shape))
    return Error{Code::kInvalid,
                 fmt::format("ring {}: {} slots of {} bytes: expected {} to {} slots of 1 to {} "
                             "bytes",
                             name, shape.slots, shape.capacity, kLeastSlots, kMostSlots, kMostCapacity)};
  if (name.size() < 2 || name.front() != '/' || name.find('/', 1) != std::string::npos)
    return Error{Code::kInvalid,
                 fmt::format("ring \"{}\": expected a name that begins with a slash and has no other", name)};
  ::shm_unlink(name.c_str());
  const int fd = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (fd < 0) return errno_error(name, "create");
  auto ring = std::unique_ptr<SharedRingWriter>(new SharedRingWriter(name, shape));
  struct stat st {};
  if (::fstat(fd, &st) == 0) {
    ring->device_ = st.st_dev;
    ring->inode_ = st.st_ino;
  }
  ring->size_ = ring_bytes(shape);
  // Reserved, not only sized: a full /dev/shm is told here and does not kill the writer later (SIGBUS).
  const int full = ::posix_fallocate(fd, 0, static_cast<off_t>(ring->size_));
  void* memory =
      full == 0 ? ::mmap(nullptr, ring->size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
  if (full != 0) errno = full;
  const int problem = errno;
  ::close(fd);
  if (memory == MAP_FAILED) {
    errno = problem;
    return errno_error(name, full != 0 ? "reserve its memory" : "map");
  }
  ring->memory_ = memory;
  auto* header = new (memory) Header{
      0,  kVersion, shape.kind, shape.slots, shape.capacity, {shape.about[0], shape.about[1], shape.about[2]},
      {0}};
  std::atomic_thread_fence(std::memory_order_release);
  header->magic = kMagic;
  return ring;
}

SharedRingWriter::~SharedRingWriter() {
  if (memory_ != nullptr) {
    // Records show faces: nothing of them stays behind (3-15).
    std::memset(static_cast<std::uint8_t*>(memory_) + kHeaderBytes, 0, size_ - kHeaderBytes);
    ::munmap(memory_, size_);
  }
  const int fd = ::shm_open(name_.c_str(), O_RDONLY, 0);
  if (fd < 0) return;
  struct stat st {};
  if (::fstat(fd, &st) == 0 && st.st_dev == device_ && st.st_ino == inode_) ::shm_unlink(name_.c_str());
  ::close(fd);
}

Result<void> SharedRingWriter::write(ByteView bytes, std::uint64_t timestamp_ns, std::uint64_t number) {
  auto& header = *static_cast<Header*>(memory_);
  const std::uint64_t newest = header.newest.load(std::memory_order_relaxed);
  if (number == 0) number = newest + 1;
  if (number <= newest)
    return Error{Code::kInvalid, fmt::format("ring {}: record {} after record {}", name_, number, newest)};
  if (bytes.size() > shape_.capacity)
    return Error{Code::kInvalid, fmt::format("ring {}: a record of {} bytes; its slots hold {}", name_,
                                             bytes.size(), shape_.capacity)};
  auto* slot = reinterpret_cast<Slot*>(static_cast<std::uint8_t*>(memory_) + place_of(shape_, number));
  slot->sequence.store(2 * number - 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  slot->timestamp_ns = timestamp_ns;
  slot->size = bytes.size();
  if (!bytes.empty())
    std::memcpy(reinterpret_cast<std::uint8_t*>(slot) + sizeof(Slot), bytes.data(), bytes.size());
  slot->sequence.store(2 * number, std::memory_order_release);
  header.newest.store(number, std::memory_order_release);
  return {};
}

Result<std::unique_ptr<SharedRingReader>> SharedRingReader::open(const std::string& name,
                                                                 std::uint32_t kind) {
  // Not to be held up by what is no memory (a pipe under this name, which would wait for its other end).
  const int fd = ::shm_open(name.c_str(), O_RDONLY | O_NONBLOCK, 0);
  if (fd < 0) return errno_error(name, "open");
  auto ring = std::unique_ptr<SharedRingReader>(new SharedRingReader);
  ring->file_ = fd;
  struct Seen {
    std::uint32_t magic, version, kind, slots, capacity, about[3];
  } seen{};
  struct stat st {};
  const bool whole = ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read_all(fd, &seen, sizeof seen, 0);
  if (whole && seen.magic == kMagic && (seen.version != kVersion || seen.kind != kind))
    return Error{Code::kUnsupported, fmt::format("ring {}: version {}, kind {}; expected version {}, kind {}",
                                                 name, seen.version, seen.kind, kVersion, kind)};
  ring->shape_ = {seen.kind, seen.slots, seen.capacity, {seen.about[0], seen.about[1], seen.about[2]}};
  if (!whole || seen.magic != kMagic || !possible(ring->shape_) ||
      static_cast<std::uint64_t>(st.st_size) < ring_bytes(ring->shape_))
    return Error{Code::kCorrupt,
                 fmt::format("ring {}: its header makes no sense; is this the name of a camera feed?", name)};
  return ring;
}

SharedRingReader::~SharedRingReader() {
  if (file_ >= 0) ::close(file_);
}

std::optional<RingRecord> SharedRingReader::at(std::uint64_t number) const {
  if (number == 0) return std::nullopt;
  const std::size_t place = place_of(shape_, number);
  SlotHead head{}, after{};
  if (!read_all(file_, &head, sizeof head, place)) return std::nullopt;
  if (head.sequence != 2 * number || head.size > shape_.capacity) return std::nullopt;
  std::atomic_thread_fence(std::memory_order_acquire);
  RingRecord record{number, head.timestamp_ns, Bytes(static_cast<std::size_t>(head.size))};
  if (!read_all(file_, record.bytes.data(), record.bytes.size(), place + sizeof(Slot))) return std::nullopt;
  std::atomic_thread_fence(std::memory_order_acquire);
  if (!read_all(file_, &after, sizeof after, place) || after.sequence != head.sequence) return std::nullopt;
  return record;
}

std::optional<RingRecord> SharedRingReader::latest(std::uint64_t after) const {
  // A writer that laps us leaves something newer behind: a few looks are enough.
  for (int attempt = 0; attempt < 4; ++attempt) {
    std::uint64_t newest = 0;
    if (!read_all(file_, &newest, sizeof newest, offsetof(Header, newest)) || newest <= after)
      return std::nullopt;
    if (auto record = at(newest)) return record;
  }
  return std::nullopt;
}

bool SharedRingReader::over() const {
  struct stat st {};
  return ::fstat(file_, &st) != 0 || st.st_nlink == 0;
}

}  // namespace shogo::contract
