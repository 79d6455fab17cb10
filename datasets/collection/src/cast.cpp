#include "cast.h"

#include "draw_person.h"
#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include <shogo/people/likeness.h>

namespace shogo::collection {
namespace {

/// The faces of one seed after the other, measured some seeds ahead.
class Faces {
 public:
  Faces(const people::HeadModel& head, const people::Recipe& recipe, int threads)
      : head_(head), recipe_(recipe), threads_(std::max(1, threads)) {}

  /// Seeds must rise. `wanted`: how many more will be asked for, at least.
  people::FaceMeasures of(std::uint64_t seed, std::uint64_t wanted) {
    if (seed >= first_ + measured_.size()) measure(seed, wanted);
    return std::move(measured_[static_cast<std::size_t>(seed - first_)]);
  }

 private:
  void measure(std::uint64_t first, std::uint64_t wanted) {
    constexpr std::uint64_t kAhead = 64;
    first_ = first;
    measured_.assign(static_cast<std::size_t>(std::clamp<std::uint64_t>(wanted, 1, kAhead)), {});
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < measured_.size(); i = next++)
        measured_[i] = people::measure_face(head_, people::sample_person(first_ + i, recipe_, head_));
    };
    std::vector<std::thread> others;
    for (int t = 1; t < threads_; ++t) others.emplace_back(work);
    work();
    for (std::thread& other : others) other.join();
  }

  const people::HeadModel& head_;
  people::Recipe recipe_;
  int threads_;
  std::uint64_t first_ = 0;
  std::vector<people::FaceMeasures> measured_;
};

}  // namespace

Result<Cast> choose(const people::HeadModel& head, const Order& order, int threads) {
  SHOGO_TRY(const people::Recipe recipe, people::find_recipe(order.population));
  Cast cast;
  Faces measured(head, recipe, threads);
  std::vector<people::FaceMeasures> faces;
  for (std::uint64_t seed = order.seed; cast.seeds.size() < order.people; ++seed) {
    // A twin has the seed of the one before, and no rule applies.
    if (is_twin(order, cast.seeds.size())) cast.seeds.push_back(cast.seeds.back());
    if (cast.seeds.size() == order.people) break;
    if (order.apart_mm > 0) {
      const std::uint64_t missing = order.people - cast.seeds.size();
      people::FaceMeasures face = measured.of(seed, order.twins ? (missing + 1) / 2 : missing);
      bool alike = false;
      for (const people::FaceMeasures& other : faces)
        alike = alike || people::likeness_mm(face, other) < order.apart_mm;
      if (alike) {
        if (++cast.left_out > order.people + 100)
          return Error{Code::kExhausted, fmt::format("too many look-alikes: {} of {} people found who lie {} "
                                                     "mm apart; ask for fewer people or a smaller distance",
                                                     cast.seeds.size(), order.people, order.apart_mm)};
        continue;
      }
      faces.push_back(std::move(face));
    }
    cast.seeds.push_back(seed);
  }
  return cast;
}

}  // namespace shogo::collection
