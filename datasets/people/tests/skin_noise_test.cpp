#include "../src/skin_noise.h"

#include <gtest/gtest.h>

#include <shogo/people/noise.h>

namespace shogo::people {
namespace {

// Registers of any width, and what is left over at the end of a row, give what one place alone does.
TEST(SkinNoises, many_places_have_the_bits_of_one) {
  constexpr std::uint32_t kKey = 0xC0FFEEU;
  for (const std::size_t count : {0U, 1U, 7U, 61U}) {
    std::vector<Vec3> places;
    for (std::size_t i = 0; i < count; ++i)
      places.push_back({-70 + 2.37F * static_cast<float>(i), 60 - 3.1F * static_cast<float>(i),
                        0.71F * static_cast<float>(i) - 9});
    SkinNoises noises(kKey);
    const std::vector<SkinNoise>& all = noises.at(places);
    ASSERT_EQ(all.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const Vec3 p = places[i];
      EXPECT_EQ(all[i].coarse, fractal_noise(p * 0.045F, kKey + 1, 2));
      EXPECT_EQ(all[i].fine, value_noise(p * 0.45F, kKey + 2));
      EXPECT_EQ(all[i].grain, value_noise(p * 1.15F, kKey + 4));
      EXPECT_EQ(all[i].dust, value_noise(p * 1.9F, kKey + 19));
      EXPECT_EQ(all[i].flush, fractal_noise(p * 0.14F, kKey + 3, 2, 0.6F));
      EXPECT_EQ(all[i].patch, value_noise(p * 0.27F, kKey + 20));
      EXPECT_EQ(all[i].pores, value_noise(p * 0.95F, kKey + 8));
    }
  }
}

}  // namespace
}  // namespace shogo::people
