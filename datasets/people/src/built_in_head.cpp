// Our own small head: an egg with a nose, lips, eye openings, ears, a neck and shoulders, made from formulas.
// It is no likeness of anybody and looks it. With it everything works, in tests and without the asset pack,
// but the people look alike; pictures for measuring are made with the pack.
#include <array>
#include <cmath>
#include <string>

#include <shogo/people/exact.h>
#include <shogo/people/head_model.h>

namespace shogo::people {

class HeadBuilder {
 public:
  HeadModel build() {
    head_.built_in_ = true;
    head_.id_ = "built-in 1";
    add_skin();
    for (const float side : {-1.F, 1.F}) {
      add_ball({side * kEyeX, 0, -1}, 13, side < 0 ? Part::kEyeRight : Part::kEyeLeft);
      add_lid(side, true);
      add_lid(side, false);
    }
    add_targets();
    head_.finish();
    return std::move(head_);
  }

 private:
  static constexpr float kEyeX = 31;
  static constexpr int kRings = 84, kSpokes = 96;

  static float bump(float x, float y, float wide, float tall) {
    const float d = square(x / wide) + square(y / tall);
    return d >= 1 ? 0 : square(1 - d);
  }

  /// Outline of the bust by height: half width, half depth and middle of the depth, joined smoothly.
  struct Slice {
    float y, wide, deep, middle;
  };
  static Slice slice_at(float y) {
    constexpr std::array<Slice, 13> kSlices = {{{121, 3, 4, -72},
                                                {112, 36, 44, -74},
                                                {95, 58, 70, -76},
                                                {60, 72, 90, -80},
                                                {20, 74, 92, -80},
                                                {-20, 71, 86, -74},
                                                {-60, 62, 76, -66},
                                                {-95, 44, 62, -58},
                                                {-116, 30, 44, -56},
                                                {-125, 54, 52, -70},
                                                {-165, 58, 54, -78},
                                                {-205, 165, 74, -78},
                                                {-400, 190, 105, -72}}};
    std::size_t i = 1;
    while (i + 1 < kSlices.size() && y < kSlices[i].y) ++i;
    const Slice &a = kSlices[i - 1], &b = kSlices[i];
    const float t = clamp01((a.y - y) / (a.y - b.y)), s = i == 1 ? std::sqrt(t) : t;
    return {y, mix(a.wide, b.wide, s), mix(a.deep, b.deep, s), mix(a.middle, b.middle, s)};
  }

  /// The face's relief, millimetres to the front.
  static float relief(float x, float y) {
    const float side = std::abs(x);
    float out =
        26 * bump(x, y + 34, 17, 20) + 11 * bump(x, y + 14, 13, 40) + 9 * bump(side - 11, y + 38, 9, 9);
    out += 7 * bump(x, y + 62.5F, 30, 8) + 7.5F * bump(x, y + 73.5F, 27, 8) - 3 * bump(x, y + 67.5F, 30, 3) +
           9 * bump(x, y + 103, 26, 22);
    out += 5 * bump(x, y - 20, 58, 14) - 12 * bump(side - kEyeX, y, 25, 17) +
           4 * bump(side - 46, y + 30, 28, 26);
    // Lids lie on the eyeball.
    out += 9 * bump(side - kEyeX, y - 7, 19, 8) + 6 * bump(side - kEyeX, y + 8, 18, 8);
    return out;
  }

  void add_skin() {
    std::vector<std::array<int, kSpokes>> index(kRings + 1);
    for (int ring = 0; ring <= kRings; ++ring)
      for (int spoke = 0; spoke < kSpokes; ++spoke) {
        const double t = static_cast<double>(ring) / kRings;
        const float y = ring < 68 ? static_cast<float>(121 - 246.0 * ring / 68)
                                  : static_cast<float>(-125 - 275.0 * (ring - 68) / (kRings - 68));
        static_cast<void>(t);
        const Slice slice = slice_at(y);
        // Spokes lie closer together in front.
        const double turn = 2 * exact::kPi * spoke / kSpokes, angle = turn - 0.55 * exact::sin(turn);
        const auto a = exact::sin_cos(angle);
        const auto sine = static_cast<float>(a.sin), cosine = static_cast<float>(a.cos);
        Vec3 p{slice.wide * sine, y, slice.middle + slice.deep * cosine};
        if (cosine > 0 && y > -120) p.z += relief(p.x, y) * smooth(0, 0.45F, cosine);
        const float ear = bump(p.z + 78, y + 12, 22, 34);
        p.x += (sine > 0 ? 1.F : -1.F) * 12 * ear * smooth(0.75F, 0.95F, std::abs(sine));
        index[static_cast<std::size_t>(ring)][static_cast<std::size_t>(spoke)] =
            static_cast<int>(head_.rest_.size());
        head_.rest_.push_back(p);
      }
    for (std::size_t ring = 0; ring < kRings; ++ring)
      for (std::size_t spoke = 0; spoke < kSpokes; ++spoke) {
        const std::size_t next = (spoke + 1) % kSpokes;
        const std::array<int, 4> corner{index[ring][spoke], index[ring + 1][spoke], index[ring + 1][next],
                                        index[ring][next]};
        Vec3 middle{};
        Quad quad{{}, Part::kSkin};
        for (std::size_t i = 0; i < 4; ++i) {
          middle += head_.rest_[static_cast<std::size_t>(corner[i])] * 0.25F;
          quad.corner[i] = static_cast<std::uint16_t>(corner[i]);
        }
        if (middle.z > -30 && opening(middle.x, middle.y)) continue;
        head_.quads_.push_back(quad);
      }
  }

  static float lid_height(float x, bool upper) {
    const float t = clamp((std::abs(x) - kEyeX) / 14.5F, -1, 1);
    return (upper ? 4.6F : -4.2F) * (1 - t * t);
  }
  static bool opening(float x, float y) {
    return std::abs(std::abs(x) - kEyeX) < 14.5F && y < lid_height(x, true) && y > lid_height(x, false);
  }

  void add_ball(Vec3 centre, float radius, Part part) {
    constexpr int kStacks = 8, kSlices = 12;
    const auto base = static_cast<int>(head_.rest_.size());
    for (int i = 0; i <= kStacks; ++i)
      for (int j = 0; j < kSlices; ++j) {
        const auto up = exact::sin_cos(exact::kPi * i / kStacks),
                   around = exact::sin_cos(2 * exact::kPi * j / kSlices);
        head_.rest_.push_back(centre + Vec3{static_cast<float>(up.sin * around.cos),
                                            static_cast<float>(up.cos),
                                            static_cast<float>(up.sin * around.sin)} *
                                           radius);
      }
    for (int i = 0; i < kStacks; ++i)
      for (int j = 0; j < kSlices; ++j) {
        const int k = (j + 1) % kSlices;
        const auto at = [&](int a, int b) { return static_cast<std::uint16_t>(base + a * kSlices + b); };
        head_.quads_.push_back({{at(i, j), at(i, k), at(i + 1, k), at(i + 1, j)}, part});
      }
  }

  /// A strip for lashes along a lid.
  void add_lid(float side, bool upper) {
    constexpr int kColumns = 12;
    const auto base = static_cast<int>(head_.rest_.size());
    for (int i = 0; i <= kColumns; ++i) {
      const float x = -14.5F + 29 * static_cast<float>(i) / kColumns, y = lid_height(kEyeX + x, upper);
      const float z = -1 + std::sqrt(std::max(0.F, square(13.9F) - x * x * 0.55F - y * y));
      head_.rest_.push_back({side * kEyeX + x, y, z});
      head_.rest_.push_back({side * kEyeX + x * 1.02F, y + (upper ? 0.7F : -0.7F), z + 2.2F});
    }
    for (int i = 0; i < kColumns; ++i) {
      const auto at = [&](int n) { return static_cast<std::uint16_t>(base + n); };
      head_.quads_.push_back({{at(2 * i), at(2 * i + 2), at(2 * i + 3), at(2 * i + 1)}, Part::kLashes});
    }
  }

  /// A few axes and units under the names that the asset pack uses, so that the same people can be asked for.
  void add_targets() {
    const auto add = [&](std::string name, auto&& by) {
      Target target;
      target.name = std::move(name);
      for (std::size_t i = 0; i < head_.rest_.size(); ++i) {
        const Vec3 move = by(head_.rest_[i]);
        if (dot(move, move) > 1e-6F) target.moves.push_back({static_cast<std::uint16_t>(i), move});
      }
      head_.targets_.push_back(std::move(target));
    };
    const auto both = [&](const std::string& stem, const char* minus, const char* plus, auto&& by) {
      add(stem + minus, [&](Vec3 p) { return by(p) * -1.F; });
      add(stem + plus, [&](Vec3 p) { return by(p); });
    };
    const auto face = [](Vec3 p) { return smooth(-60, -20, p.z); };
    both("nose/nose-scale-horiz", "-decr", "-incr", [&](Vec3 p) {
      return Vec3{p.x * 0.4F * bump(p.x, p.y + 34, 26, 26) * face(p), 0, 0};
    });
    both("nose/nose-scale-depth", "-decr", "-incr", [&](Vec3 p) {
      return Vec3{0, 0, 6 * bump(p.x, p.y + 30, 18, 32) * face(p)};
    });
    both("nose/nose-trans-vert", "-down", "-up", [&](Vec3 p) {
      return Vec3{0, 6 * bump(p.x, p.y + 34, 26, 28) * face(p), 0};
    });
    both("mouth/mouth-scale-horiz", "-decr", "-incr", [&](Vec3 p) {
      return Vec3{p.x * 0.25F * bump(p.x, p.y + 68, 44, 20) * face(p), 0, 0};
    });
    both("mouth/mouth-trans", "-down", "-up", [&](Vec3 p) {
      return Vec3{0, 6 * bump(p.x, p.y + 68, 44, 26) * face(p), 0};
    });
    add("mouth/mouth-upperlip-volume-inflate", [&](Vec3 p) {
      return Vec3{0, 0, 4 * bump(p.x, p.y + 62.5F, 26, 8) * face(p)};
    });
    add("mouth/mouth-lowerlip-volume-inflate", [&](Vec3 p) {
      return Vec3{0, 0, 4 * bump(p.x, p.y + 73.5F, 24, 8) * face(p)};
    });
    both("chin/chin-width", "-min", "-max", [&](Vec3 p) {
      return Vec3{p.x * 0.3F * bump(0, p.y + 100, 1, 34) * smooth(-110, -40, p.z), 0, 0};
    });
    both("chin/chin-prominent", "-less", "-more", [&](Vec3 p) {
      return Vec3{0, 0, 9 * bump(p.x, p.y + 102, 38, 26) * face(p)};
    });
    both("head/head-scale-horiz", "-less", "-more", [](Vec3 p) {
      return Vec3{p.x * 0.10F * smooth(-150, -110, p.y), 0, 0};
    });
    both("forehead/forehead-trans-depth", "-backward", "-forward", [&](Vec3 p) {
      return Vec3{0, 0, 8 * bump(p.x, p.y - 55, 70, 50) * face(p)};
    });
    for (const float side : {1.F, -1.F}) {
      const std::string s = side > 0 ? "l-" : "r-";
      both("cheek/" + s + "cheek-volume", "-deflate", "-inflate", [&](Vec3 p) {
        return Vec3{side * 4, 0, 4} * (bump(p.x - side * 48, p.y + 45, 30, 34) * face(p));
      });
      const std::string unit = side > 0 ? "left" : "right";
      add("expression/units/asian/eye-" + unit + "-closure", [&](Vec3 p) {
        const bool lid = p.z > -8 && p.z < 40 && std::abs(p.x - side * kEyeX) < 16 && p.y > 0.5F && p.y < 12;
        return lid ? Vec3{0, (lid_height(p.x, false) - lid_height(p.x, true)) * smooth(13, 5, p.y), 1.5F}
                   : Vec3{};
      });
    }
    add("expression/units/asian/mouth-corner-puller", [&](Vec3 p) {
      const float side = p.x > 0 ? 1.F : -1.F;
      return Vec3{side * 4, 6, -2} * (bump(p.x - side * 25, p.y + 67.5F, 16, 16) * face(p));
    });
  }

  HeadModel head_;
};

HeadModel HeadModel::built_in() {
  return HeadBuilder().build();
}

}  // namespace shogo::people
