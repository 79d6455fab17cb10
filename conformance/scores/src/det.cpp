#include "cell_counter.h"
#include "float_order.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <new>

#include <sys/mman.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <shogo/scores/det.h>

namespace shogo::scores {
namespace {

constexpr std::size_t kLanes = 32;  // 16-bit values in a cache line

/// Memory for many values that are written once: whole lines, and large pages where the system has them.
class Plane {
 public:
  explicit Plane(std::size_t values)
      : size_((values * sizeof(std::uint16_t) / kPage + 1) * kPage),
        data_(static_cast<std::uint16_t*>(std::aligned_alloc(kPage, size_))) {
    if (data_ == nullptr) throw std::bad_alloc();
    (void)::madvise(data_.get(), size_,
                    MADV_HUGEPAGE);  // only a hint: without it everything is slower, not wrong
  }
  [[nodiscard]] std::uint16_t* data() const { return data_.get(); }

 private:
  static constexpr std::size_t kPage = std::size_t{1} << 21;
  struct Free {
    void operator()(std::uint16_t* p) const { std::free(p); }
  };
  std::size_t size_;
  std::unique_ptr<std::uint16_t, Free> data_;
};

/// The low 16 bits of every score, grouped by cell: half the memory of the scores themselves.
struct Grouped {
  Plane low;
  std::vector<std::uint64_t> start;  ///< kCells + 1
  [[nodiscard]] std::span<const std::uint16_t> cell(std::size_t index) const {
    return {low.data() + start[index], static_cast<std::size_t>(start[index + 1] - start[index])};
  }
};

struct alignas(64) Line {
  std::array<std::uint16_t, kLanes> value;
};

/// Past the caches where that is possible: nobody reads the line soon, and it need not be fetched to be
/// overwritten.
void store_line(std::uint16_t* to, const Line& line) {
#if defined(__x86_64__)
  for (std::size_t i = 0; i < kLanes; i += 8)
    _mm_stream_si128(reinterpret_cast<__m128i*>(to + i),
                     _mm_load_si128(reinterpret_cast<const __m128i*>(line.value.data() + i)));
#else
  std::copy(line.value.begin(), line.value.end(), to);
#endif
}

Grouped group(std::span<const float> scores, const std::vector<std::uint64_t>& cells) {
  Grouped grouped{Plane(scores.size()), std::vector<std::uint64_t>(kCells + 1)};
  for (std::size_t i = 0; i < kCells; ++i) grouped.start[i + 1] = grouped.start[i] + cells[i];
  // Values wait in one line for each cell and leave it together: otherwise every value would fetch a line of
  // its own. A value waits in the lane that it will have in memory.
  const auto lines = std::make_unique<Line[]>(kCells);
  std::vector<std::uint64_t> next(grouped.start.begin(), grouped.start.end() - 1);
  std::uint16_t* const out = grouped.low.data();
  const auto put = [&](std::uint32_t key) {
    const std::uint32_t cell = key >> 16;
    const std::uint64_t at = next[cell]++;
    lines[cell].value[at % kLanes] = static_cast<std::uint16_t>(key);
    if (at % kLanes != kLanes - 1) return;
    const std::uint64_t begin = at - (kLanes - 1);
    if (begin >= grouped.start[cell])
      store_line(out + begin, lines[cell]);
    else  // the first line of a cell may begin with values of the cell before
      for (std::uint64_t i = grouped.start[cell]; i <= at; ++i) out[i] = lines[cell].value[i % kLanes];
  };
  constexpr std::size_t kAtOnce = 64;
  std::size_t i = 0;
  for (; i + kAtOnce <= scores.size(); i += kAtOnce) {
    std::array<std::uint32_t, kAtOnce> keys;
    for (std::size_t j = 0; j < kAtOnce; ++j) keys[j] = order_key(scores[i + j]);
    for (const std::uint32_t key : keys) put(key);
  }
  for (; i < scores.size(); ++i) put(order_key(scores[i]));
#if defined(__x86_64__)
  _mm_sfence();
#endif
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    const std::uint64_t end = grouped.start[cell + 1];
    for (std::uint64_t at = std::max(grouped.start[cell], end / kLanes * kLanes); at < end; ++at)
      out[at] = lines[cell].value[at % kLanes];
  }
  return grouped;
}

/// Where the sweep stands: errors of the next threshold.
struct Sweep {
  std::uint64_t matches = 0, refused = 0;
};

/// Points in a buffer that is passed on when it is nearly full. Writers put a point at the end and move the
/// end on only if it is one: whether a value occurs is unpredictable, and a branch for it would cost more
/// than the store.
class Sink {
 public:
  static constexpr std::size_t kRun = 64;  ///< most points between two calls of make_room
  explicit Sink(const std::function<void(std::span<const DetPoint>)>& visit) : visit_(visit) {}
  void put(float threshold, const Sweep& sweep, bool is_point) {
    points_[size_] = {threshold, sweep.matches, sweep.refused};
    size_ += is_point ? 1U : 0U;
  }
  void make_room() {
    if (size_ + kRun > points_.size()) flush();
  }
  void flush() {
    if (size_ > 0) visit_({points_.data(), size_});
    size_ = 0;
  }

 private:
  const std::function<void(std::span<const DetPoint>)>& visit_;
  std::array<DetPoint, 1024> points_;
  std::size_t size_ = 0;
};

/// Few scores in a cell: a radix sort in two steps of a byte. An item is the value and, in its lowest bit,
/// the side.
class SortingSweep {
 public:
  void run(std::uint32_t cell, std::span<const std::uint16_t> genuine,
           std::span<const std::uint16_t> impostor, Sweep& sweep, Sink& sink) {
    items_.clear();
    for (const std::uint16_t low : genuine) items_.push_back(static_cast<std::uint32_t>(low) << 1 | 1U);
    for (const std::uint16_t low : impostor) items_.push_back(static_cast<std::uint32_t>(low) << 1);
    other_.resize(items_.size());
    sort_by_byte(items_, other_, 1);
    sort_by_byte(other_, items_, 9);
    std::uint32_t before = ~0U;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (i % Sink::kRun == 0) sink.make_room();
      const std::uint32_t low = items_[i] >> 1, side = items_[i] & 1U;
      sink.put(from_order_key(cell << 16 | low), sweep, low != before);
      before = low;
      sweep.refused += side;
      sweep.matches -= 1 - side;
    }
  }

 private:
  static void sort_by_byte(const std::vector<std::uint32_t>& from, std::vector<std::uint32_t>& to,
                           int shift) {
    std::array<std::uint32_t, 257> at{};
    for (const std::uint32_t item : from) ++at[(item >> shift & 0xFFU) + 1];
    for (std::size_t i = 1; i < at.size(); ++i) at[i] += at[i - 1];
    for (const std::uint32_t item : from) to[at[item >> shift & 0xFFU]++] = item;
  }
  std::vector<std::uint32_t> items_, other_;
};

/// Many scores in a cell: count the 65 536 values that it can hold, which also puts them in order.
class CountingSweep {
 public:
  void run(std::uint32_t cell, std::span<const std::uint16_t> genuine,
           std::span<const std::uint16_t> impostor, Sweep& sweep, Sink& sink) {
    for (const std::uint16_t low : genuine) ++counts_[low].genuine;
    for (const std::uint16_t low : impostor) ++counts_[low].impostor;
    for (std::uint32_t low = 0; low < kCells; ++low) {
      if (low % Sink::kRun == 0) sink.make_room();
      const Count here = counts_[low];
      counts_[low] = {};
      sink.put(from_order_key(cell << 16 | low), sweep, (here.genuine | here.impostor) != 0);
      sweep.refused += here.genuine;
      sweep.matches -= here.impostor;
    }
  }

 private:
  struct Count {
    std::uint32_t genuine = 0, impostor = 0;
  };
  std::vector<Count> counts_ = std::vector<Count>(kCells);
};

}  // namespace

Result<void> visit_det(std::span<const float> genuine, std::span<const float> impostor,
                       const std::function<void(std::span<const DetPoint>)>& visit) {
  SHOGO_TRY(const SideCount owners, count_side(genuine, "genuine", 0));
  SHOGO_TRY(const SideCount strangers, count_side(impostor, "impostor", 0));
  const Grouped g = group(genuine, owners.cells), i = group(impostor, strangers.cells);
  Sink sink(visit);
  Sweep sweep{impostor.size(), 0};
  CountingSweep counting;
  SortingSweep sorting;
  std::uint32_t last = kFirstFinite;
  for (std::uint32_t cell = kFirstFinite; cell <= kLastFinite; ++cell) {
    const auto here_g = g.cell(cell), here_i = i.cell(cell);
    if (here_g.empty() && here_i.empty()) continue;
    last = cell;
    constexpr std::size_t kFew = 32768;
    if (here_g.size() + here_i.size() < kFew)
      sorting.run(cell, here_g, here_i, sweep, sink);
    else
      counting.run(cell, here_g, here_i, sweep, sink);
  }
  sink.flush();
  // Above every score: nothing matches.
  std::uint16_t top = 0;
  for (const auto side : {g.cell(last), i.cell(last)})
    for (const std::uint16_t low : side) top = std::max(top, low);
  const DetPoint end{just_above(from_order_key(last << 16 | top)), sweep.matches, sweep.refused};
  visit({&end, 1});
  return {};
}

Result<DetSummary> summarise_det(std::span<const float> genuine, std::span<const float> impostor) {
  DetSummary summary;
  const auto g = static_cast<double>(genuine.size()), i = static_cast<double>(impostor.size());
  double best = 2 * g * i;
  SHOGO_CHECK_OK(visit_det(genuine, impostor, [&](std::span<const DetPoint> points) {
    summary.points += points.size();
    for (const DetPoint& point : points) {
      // |FMR - FNMR| times both sizes: without divisions, and exact up to 2^53.
      const double apart = std::abs(static_cast<double>(point.false_matches) * g -
                                    static_cast<double>(point.false_non_matches) * i);
      if (apart >= best) continue;
      best = apart;
      summary.equal_error = {point.threshold, genuine.size(), point.false_non_matches, impostor.size(),
                             point.false_matches};
    }
  }));
  return summary;
}

}  // namespace shogo::scores
