#include "raster.h"

#include <array>

#include <gtest/gtest.h>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

TEST(Raster, triangles_that_share_edges_cover_every_sample_exactly_once) {
  // A fan around an odd point: every sample of the square belongs to exactly one of its triangles.
  const ScreenPoint middle{16 * 20 + 3, 16 * 20 + 5, 1};
  const std::vector<ScreenPoint> rim = {
      {0, 0, 1}, {330, -7, 1}, {16 * 40, 0, 1}, {16 * 40, 16 * 40, 1}, {123, 16 * 40, 1}, {0, 16 * 40, 1}};
  std::vector<int> count(40 * 40);
  for (std::size_t i = 0; i < rim.size(); ++i) {
    Raster raster(40, 0, 40);
    raster.triangle(middle, rim[i], rim[(i + 1) % rim.size()], 1);
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x)
        count[static_cast<std::size_t>(y * 40 + x)] += raster.id(x, y) != 0 ? 1 : 0;
  }
  for (std::size_t i = 40; i < count.size(); ++i) EXPECT_EQ(count[i], 1) << i % 40 << "," << i / 40;
}

TEST(Raster, the_nearer_triangle_wins_whatever_the_order) {
  const ScreenPoint far[3] = {{0, 0, 1}, {640, 0, 1}, {0, 640, 1}},
                    near[3] = {{0, 0, 2}, {640, 0, 2}, {0, 640, 2}};
  Raster one(40, 0, 40), other(40, 0, 40);
  one.triangle(far[0], far[1], far[2], 1);
  one.triangle(near[0], near[1], near[2], 2);
  other.triangle(near[0], near[1], near[2], 2);
  other.triangle(far[0], far[1], far[2], 1);
  EXPECT_EQ(one.id(5, 5), 2U);
  EXPECT_EQ(other.id(5, 5), 2U);
}

TEST(Raster, a_band_holds_the_same_samples_as_the_whole_picture) {
  Raster whole(64, 0, 64), upper(64, 0, 23), lower(64, 23, 64);
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto at = [&](std::uint32_t k) {
      return ScreenPoint{static_cast<std::int32_t>(hash32(i, k, 1) % 1400) - 180,
                         static_cast<std::int32_t>(hash32(i, k, 2) % 1400) - 180,
                         0.1F + unit_of(hash32(i, k, 3))};
    };
    for (Raster* raster : {&whole, &upper, &lower}) raster->triangle(at(1), at(2), at(3), i + 1);
  }
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const Raster& band = y < 23 ? upper : lower;
      EXPECT_EQ(whole.id(x, y), band.id(x, y));
      EXPECT_EQ(whole.near(x, y), band.near(x, y));
    }
}

TEST(Raster, bands_hold_the_same_pieces_of_ribbons_as_the_whole_picture) {
  Raster whole(64, 0, 64), upper(64, 0, 23), lower(64, 23, 64);
  const auto keep = [](int x, int y, float, float) { return (x + y) % 5 != 0; };
  for (std::uint32_t i = 0; i < 300; ++i) {
    const auto at = [&](std::uint32_t k) {
      return ScreenPoint{static_cast<std::int32_t>(hash32(i, k, 1) % 1400) - 180,
                         static_cast<std::int32_t>(hash32(i, k, 2) % 1400) - 180,
                         0.1F + unit_of(hash32(i, k, 3))};
    };
    const float half = 4 + 60 * unit_of(hash32(i, 4, 4));
    for (Raster* raster : {&whole, &upper, &lower})
      raster->ribbon({at(1), half}, {at(2), 0.5F * half}, i + 1, keep);
  }
  for (int y = 0; y < 64; ++y)
    for (int x = 0; x < 64; ++x) {
      const Raster& band = y < 23 ? upper : lower;
      EXPECT_EQ(whole.id(x, y), band.id(x, y));
      EXPECT_EQ(whole.near(x, y), band.near(x, y));
      EXPECT_TRUE(whole.id(x, y) == 0 || keep(x, y, 0, 0));
    }
}

TEST(Raster, a_ribbon_covers_as_many_samples_as_its_area_in_every_direction) {
  Raster raster(128, 0, 128);
  for (std::uint32_t direction = 0; direction < 16; ++direction) {
    double samples = 0;
    constexpr int kTimes = 200;
    const Vec3 along =
        normalized({signed_of(hash32(direction, 1)), signed_of(hash32(direction, 2)), 0}) * (40.F * 16);
    for (std::uint32_t i = 0; i < kTimes; ++i) {
      raster.clear(0, 128);
      const ScreenPoint from{1000 + static_cast<std::int32_t>(hash32(i, 3) % 16),
                             1000 + static_cast<std::int32_t>(hash32(i, 4) % 16), 1};
      raster.ribbon({from, 12}, {{from.x + whole_below(along.x), from.y + whole_below(along.y), 1}, 12}, 1,
                    [](int, int, float, float) { return true; });
      for (int y = 0; y < 128; ++y)
        for (int x = 0; x < 128; ++x) samples += raster.id(x, y) != 0 ? 1 : 0;
    }
    EXPECT_NEAR(samples / kTimes, 40 * 1.5, 1.5) << direction;
  }
}

TEST(Raster, pieces_of_a_ribbon_leave_no_gap_at_their_joints) {
  // A ring of short pieces, two samples wide: from its middle no way leads out.
  Raster raster(64, 0, 64);
  const std::vector<std::array<int, 2>> ring = {{900, 512}, {786, 786}, {512, 900}, {238, 786},
                                                {124, 512}, {238, 238}, {512, 124}, {786, 238}};
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& a = ring[i];
    const auto& b = ring[(i + 1) % ring.size()];
    raster.ribbon({{a[0], a[1], 1}, 16}, {{b[0], b[1], 1}, 16}, 1,
                  [](int, int, float, float) { return true; });
  }
  std::vector<std::array<int, 2>> reached = {{32, 32}};
  std::vector<bool> seen(64 * 64);
  for (std::size_t next = 0; next < reached.size(); ++next) {
    const auto [x, y] = reached[next];
    ASSERT_TRUE(x > 0 && y > 0 && x < 63 && y < 63) << "a gap in the ring";
    for (const auto& step : {std::array{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
      const int nx = x + step[0], ny = y + step[1];
      if (raster.id(nx, ny) != 0 || seen[static_cast<std::size_t>(ny * 64 + nx)]) continue;
      seen[static_cast<std::size_t>(ny * 64 + nx)] = true;
      reached.push_back({nx, ny});
    }
  }
}

TEST(Raster, what_is_hidden_is_passed_over_without_changing_a_sample) {
  const auto draw = [](bool note) {
    Raster raster(100, 10, 70);
    const auto always = [](int, int, float, float) { return true; };
    for (std::uint32_t i = 0; i < 600; ++i) {
      const auto at = [&](std::uint32_t k) {
        return ScreenPoint{static_cast<std::int32_t>(hash32(i, k, 1) % 1700),
                           static_cast<std::int32_t>(hash32(i, k, 2) % 1300),
                           2 - static_cast<float>(i / 100) * 0.3F + 0.1F * unit_of(hash32(i, k, 3))};
      };
      if (note && i % 100 == 0) raster.note_farthest();
      raster.ribbon({at(1), 40}, {at(2), 60}, i + 1, always);
    }
    std::vector<std::uint32_t> ids;
    for (int y = 10; y < 70; ++y) ids.insert(ids.end(), raster.ids(y), raster.ids(y) + 100);
    return ids;
  };
  EXPECT_EQ(draw(true), draw(false));
}

TEST(Raster, across_a_ribbon_counts_from_the_same_side_whichever_way_it_runs) {
  // Going round a ring, outside is always on the same side.
  Raster raster(96, 0, 96);
  constexpr int kPieces = 24;
  const auto at = [](int i) {
    const float angle = 6.2831853F * static_cast<float>(i) / kPieces;
    return ScreenPoint{768 + static_cast<std::int32_t>(500 * std::cos(angle)),
                       768 + static_cast<std::int32_t>(500 * std::sin(angle)), 1};
  };
  for (int i = 0; i < kPieces; ++i)
    raster.ribbon({at(i), 80}, {at(i + 1), 80}, 1, [](int x, int y, float across, float) {
      const float far = std::sqrt(square(static_cast<float>(16 * x + 8 - 768)) +
                                  square(static_cast<float>(16 * y + 8 - 768)));
      EXPECT_TRUE(std::abs(far - 500) <= 40 || (across > 0.5F) == (far > 500)) << x << "," << y;
      return true;
    });
}

TEST(Raster, small_triangles_lie_as_deep_as_large_ones) {
  // A plane cut into tiny triangles shows the plane's depth at every sample.
  Raster raster(16, 0, 16);
  const auto at = [](int x, int y) { return ScreenPoint{x, y, 0.002F + 1e-6F * static_cast<float>(x)}; };
  for (int y = 0; y < 256; y += 8)
    for (int x = 0; x < 256; x += 8) {
      raster.triangle(at(x, y), at(x + 8, y), at(x + 8, y + 8), 1);
      raster.triangle(at(x, y), at(x + 8, y + 8), at(x, y + 8), 1);
    }
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x)
      EXPECT_NEAR(raster.near(x, y), 0.002F + 1e-6F * static_cast<float>(16 * x + 8), 1e-8F);
}

TEST(Raster, what_lies_behind_the_camera_is_not_drawn) {
  Raster raster(16, 0, 16);
  raster.triangle({0, 0, 0}, {256, 0, 1}, {0, 256, 1}, 1);
  EXPECT_EQ(raster.id(2, 2), 0U);
}

}  // namespace
}  // namespace shogo::people
