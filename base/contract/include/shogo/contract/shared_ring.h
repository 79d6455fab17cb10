// Shared ring: numbered records in POSIX shared memory. One writer, any number of readers; a reader that is
// slow loses records, never the writer's time. Each slot is guarded by a sequence number that is odd while
// the slot is being written (a seqlock), so a torn record is noticed and left out.
//
// A reader trusts nothing that it finds: the shape is checked once, when the ring is opened, and remembered;
// memory is read with pread(2), so a ring that is cut short under a reader ends its reading and not its
// process.
//
//   0   magic "SHGR", version, kind, slots, capacity, about[3] (u32 each); newest whole number (u64)
//   64  slots: sequence (u64), timestamp (u64, ns), size (u64), bytes; each a multiple of 64 bytes
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <shogo/base/bytes.h>

namespace shogo::contract {

struct RingShape {
  std::uint32_t kind = 0;                ///< what the records are: 1 frames (frame_ring.h), 2 texts
  std::uint32_t slots = 4;               ///< 2 … 64
  std::uint32_t capacity = 0;            ///< greatest size of a record, bytes: 1 … 2^30
  std::array<std::uint32_t, 3> about{};  ///< the kind's own; of frames: width, height, channels
};

struct RingRecord {
  std::uint64_t number = 0;        ///< from 1; a gap means that something was lost, here or at the source
  std::uint64_t timestamp_ns = 0;  ///< bench clock
  Bytes bytes;
};

/// One thread at a time.
class SharedRingWriter {
 public:
  /// `name` as for shm_open ("/shogo-cam-0"). Replaces a ring of the same name; the destructor removes it.
  /// Only processes of the same user can open it.
  static Result<std::unique_ptr<SharedRingWriter>> create(const std::string& name, const RingShape& shape);
  ~SharedRingWriter();
  SharedRingWriter(const SharedRingWriter&) = delete;
  SharedRingWriter& operator=(const SharedRingWriter&) = delete;
  /// `number` above the newest; 0: the next. kInvalid for a record that is too large or a number that was
  /// already.
  Result<void> write(ByteView bytes, std::uint64_t timestamp_ns, std::uint64_t number = 0);

 private:
  SharedRingWriter(std::string name, const RingShape& shape) : name_(std::move(name)), shape_(shape) {}
  std::string name_;
  RingShape shape_;
  void* memory_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t device_ = 0,
                inode_ = 0;  ///< of our memory: another's ring of this name is not ours to remove
};

/// Any thread.
class SharedRingReader {
 public:
  /// kNotFound: no such ring (yet); kCorrupt: what has this name is no ring, or its header makes no sense;
  /// kUnsupported: a ring of another version or kind.
  static Result<std::unique_ptr<SharedRingReader>> open(const std::string& name, std::uint32_t kind);
  ~SharedRingReader();
  SharedRingReader(const SharedRingReader&) = delete;
  SharedRingReader& operator=(const SharedRingReader&) = delete;
  [[nodiscard]] const RingShape& shape() const { return shape_; }
  /// The newest whole record with a number above `after`; nothing when there is none (yet).
  [[nodiscard]] std::optional<RingRecord> latest(std::uint64_t after = 0) const;
  /// That very record, if the ring still has it.
  [[nodiscard]] std::optional<RingRecord> at(std::uint64_t number) const;
  /// The writer has ended, or begun anew under the same name: nothing will come any more; open it again.
  [[nodiscard]] bool over() const;

 private:
  SharedRingReader() = default;
  int file_ = -1;
  RingShape shape_;
};

}  // namespace shogo::contract
