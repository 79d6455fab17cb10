#include <algorithm>
#include <vector>

#include <shogo/camera/shutter.h>
#include <shogo/people/exact.h>

namespace shogo::camera {
namespace {

using people::Vec3;
namespace exact = people::exact;

/// Motion changes slowly from place to place: one vector for every so many pixels.
constexpr int kCell = 8;
/// Less than this is not seen after a sensor.
constexpr float kStill_px = 0.05F;

struct Step {
  float x = 0, y = 0;  ///< pixels a second
};

/// Axis and rate of a head's turning, radians a second.
Vec3 spin_of(const people::HeadPose& pose, const people::HeadPose& turn) {
  constexpr double kRadians = exact::kPi / 180;
  const auto y = exact::sin_cos(pose.yaw * kRadians), x = exact::sin_cos(-pose.pitch * kRadians);
  const auto f = [](double v) { return static_cast<float>(v); };
  const auto by_yaw = [&](Vec3 v) {
    return Vec3{f(y.cos) * v.x + f(y.sin) * v.z, v.y, -f(y.sin) * v.x + f(y.cos) * v.z};
  };
  constexpr auto kScale = static_cast<float>(kRadians);
  return Vec3{0, turn.yaw * kScale, 0} + by_yaw({-turn.pitch * kScale, 0, 0}) +
         by_yaw(Vec3{0, -f(x.sin), f(x.cos)} * (-turn.roll * kScale));
}

class Field {
 public:
  Field(const people::Frame& frame, const people::Scene& scene, Vec3 neck, const Speed& speed)
      : wide_(frame.width / kCell + 2), tall_(frame.height / kCell + 2) {
    const people::Camera& camera = scene.camera;
    const people::Mat3 to_world = camera.to_camera.transposed();
    const Vec3 spin = spin_of(scene.pose, speed.turn);
    cells_.resize(static_cast<std::size_t>(wide_ * tall_));
    std::vector<bool> moving(cells_.size());
    for (int cy = 0; cy < tall_; ++cy)
      for (int cx = 0; cx < wide_; ++cx) {
        float depth = 0;
        int count = 0;
        for (int y = std::max(0, cy * kCell - kCell / 2); y < std::min(frame.height, cy * kCell + kCell / 2);
             y += 2)
          for (int x = std::max(0, cx * kCell - kCell / 2); x < std::min(frame.width, cx * kCell + kCell / 2);
               x += 2) {
            const float d =
                frame.depth_mm[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) +
                               static_cast<std::size_t>(x)];
            if (d <= 0) continue;
            depth += d;
            ++count;
          }
        if (count == 0) continue;
        depth /= static_cast<float>(count);
        const float px = static_cast<float>(cx * kCell), py = static_cast<float>(cy * kCell);
        const Vec3 in_camera{(px - camera.centre_x) / camera.focal_px * depth,
                             (camera.centre_y - py) / camera.focal_px * depth, depth};
        const Vec3 world = to_world * in_camera + camera.position;
        // The torso does not turn with the head.
        const float follow = people::smooth(-185, -108, world.y);
        const Vec3 moves = camera.to_camera * (speed.stand_mm + cross(spin, world - neck) * follow);
        Step& step = cells_[index(cx, cy)];
        step.x = camera.focal_px / depth * (moves.x - in_camera.x / depth * moves.z);
        step.y = -camera.focal_px / depth * (moves.y - in_camera.y / depth * moves.z);
        moving[index(cx, cy)] = true;
        greatest_ = std::max({greatest_, std::abs(step.x), std::abs(step.y)});
      }
    spread(moving);
  }
  [[nodiscard]] float greatest() const { return greatest_; }
  [[nodiscard]] Step at(float x, float y) const {
    const float gx = people::clamp(x / kCell, 0, static_cast<float>(wide_) - 1.001F),
                gy = people::clamp(y / kCell, 0, static_cast<float>(tall_) - 1.001F);
    const int ix = static_cast<int>(gx), iy = static_cast<int>(gy);
    const float fx = gx - static_cast<float>(ix), fy = gy - static_cast<float>(iy);
    const Step &a = cells_[index(ix, iy)], &b = cells_[index(ix + 1, iy)], &c = cells_[index(ix, iy + 1)],
               &d = cells_[index(ix + 1, iy + 1)];
    return {people::mix(people::mix(a.x, b.x, fx), people::mix(c.x, d.x, fx), fy),
            people::mix(people::mix(a.y, b.y, fx), people::mix(c.y, d.y, fx), fy)};
  }

 private:
  [[nodiscard]] std::size_t index(int x, int y) const { return static_cast<std::size_t>(y * wide_ + x); }
  /// The backdrop beside a head moves with it, else its outline would stand still.
  void spread(const std::vector<bool>& moving) {
    const std::vector<Step> old = cells_;
    for (int y = 0; y < tall_; ++y)
      for (int x = 0; x < wide_; ++x) {
        if (moving[index(x, y)]) continue;
        Step sum;
        float count = 0;
        for (int ny = std::max(0, y - 1); ny <= std::min(tall_ - 1, y + 1); ++ny)
          for (int nx = std::max(0, x - 1); nx <= std::min(wide_ - 1, x + 1); ++nx) {
            if (!moving[index(nx, ny)]) continue;
            sum.x += old[index(nx, ny)].x;
            sum.y += old[index(nx, ny)].y;
            ++count;
          }
        if (count > 0) cells_[index(x, y)] = {sum.x / count, sum.y / count};
      }
  }

  int wide_, tall_;
  std::vector<Step> cells_;
  float greatest_ = 0;
};

Vec3 sample(const people::Frame& frame, float x, float y) {
  x = people::clamp(x, 0, static_cast<float>(frame.width - 1));
  y = people::clamp(y, 0, static_cast<float>(frame.height - 1));
  const int ix = std::min(static_cast<int>(x), frame.width - 2),
            iy = std::min(static_cast<int>(y), frame.height - 2);
  const float fx = x - static_cast<float>(ix), fy = y - static_cast<float>(iy);
  const Vec3* row = &frame.light[static_cast<std::size_t>(iy) * static_cast<std::size_t>(frame.width) +
                                 static_cast<std::size_t>(ix)];
  const Vec3* below = row + frame.width;
  return mix(mix(row[0], row[1], fx), mix(below[0], below[1], fx), fy);
}

float seconds(Nanoseconds time) {
  return static_cast<float>(static_cast<double>(time.count()) * 1e-9);
}
/// When a row is read, seconds after the middle one.
float row_time(float y, int height, const Shutter& shutter) {
  return (y / static_cast<float>(height - 1) - 0.5F) * seconds(shutter.readout);
}

}  // namespace

float lamp_light(const Shutter& shutter, Nanoseconds time) {
  if (shutter.flicker <= 0) return 1;
  // Twice the mains' frequency; whole periods go before any rounding.
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t rate = 2 * std::int64_t{shutter.mains_hz};
  const std::int64_t phase = ((time.count() % kSecond + kSecond) % kSecond) * rate % kSecond;
  const double half =
      exact::kPi * static_cast<double>(rate) * static_cast<double>(shutter.exposure.count()) * 1e-9;
  const double mean = half > 1e-6 ? exact::sin(half) / half : 1;
  return 1 + shutter.flicker *
                 static_cast<float>(mean * exact::cos(2 * exact::kPi * static_cast<double>(phase) * 1e-9));
}

void expose_rows(people::Frame& frame, const people::Scene& scene, Vec3 neck, const Speed& speed,
                 const Shutter& shutter, Nanoseconds time) {
  if (frame.width < 2 || frame.height < 2) return;
  const Field field(frame, scene, neck, speed);
  const float open = seconds(shutter.exposure), read = seconds(shutter.readout);
  const bool moves = field.greatest() * (0.5F * (open + read)) >= kStill_px;
  if (moves) {
    std::vector<Vec3> light(frame.light.size());
    for (int y = 0; y < frame.height; ++y) {
      const float when = row_time(static_cast<float>(y), frame.height, shutter);
      for (int x = 0; x < frame.width; ++x) {
        const auto px = static_cast<float>(x), py = static_cast<float>(y);
        const Step step = field.at(px, py);
        const std::size_t i =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width) + static_cast<std::size_t>(x);
        const float trail = std::max(std::abs(step.x), std::abs(step.y)) * open;
        if (step.x == 0 && step.y == 0) {
          light[i] = frame.light[i];
          continue;
        }
        // One look a pixel of the trail is enough.
        const int looks = std::min(8, 1 + static_cast<int>(trail + 0.6F));
        Vec3 sum{};
        for (int k = 0; k < looks; ++k) {
          const float moment =
              when + open * ((static_cast<float>(k) + 0.5F) / static_cast<float>(looks) - 0.5F);
          sum += sample(frame, px - step.x * moment, py - step.y * moment);
        }
        light[i] = sum * (1 / static_cast<float>(looks));
      }
    }
    frame.light = std::move(light);
    for (auto& point : frame.landmarks) {
      const Step step = field.at(point[0], point[1]);
      const float when = row_time(point[1], frame.height, shutter);
      point[0] += step.x * when;
      point[1] += step.y * when;
    }
  }
  if (shutter.flicker <= 0) return;
  for (int y = 0; y < frame.height; ++y) {
    const auto late = static_cast<std::int64_t>(
        static_cast<double>(row_time(static_cast<float>(y), frame.height, shutter)) * 1e9);
    const float lamp = lamp_light(shutter, time + Nanoseconds{late});
    Vec3* row = &frame.light[static_cast<std::size_t>(y) * static_cast<std::size_t>(frame.width)];
    for (int x = 0; x < frame.width; ++x) row[x] *= lamp;
  }
}

}  // namespace shogo::camera
