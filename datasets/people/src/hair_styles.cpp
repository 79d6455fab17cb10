#include "hair_styles.h"

#include <algorithm>
#include <array>
#include <vector>

namespace shogo::people {
namespace {

/// Shares by age band: 15-34, 35-54, 55-74, 75-.
struct Style {
  Hair hair;
  std::array<float, 4> share;
};

Hair make(const char* name, float top, float side_length, float fringe, float side, float back) {
  Hair hair;
  hair.style = name;
  hair.length_top_mm = top;
  hair.length_side_mm = side_length;
  hair.fringe_mm = fringe;
  hair.side_mm = side;
  hair.back_mm = back;
  return hair;
}

std::vector<Style> styles_of_men() {
  std::vector<Style> styles;
  const auto add = [&](Hair hair, std::array<float, 4> share) { styles.push_back({std::move(hair), share}); };
  Hair hair = make("mash", 88, 38, 37, -8, -45);  // マッシュ: round fringe, short sides
  hair.parted = 0.42F, hair.part_mm = 28, hair.lift = 0.22F, hair.volume_mm = 10, hair.clump = 0.85F;
  add(hair, {0.30F, 0.06F, 0, 0});
  hair = make("centre part", 120, 40, 200, -8, -45);
  hair.part_mm = 4, hair.parted = 0.9F, hair.lift = 0.5F, hair.volume_mm = 14;
  add(hair, {0.15F, 0.05F, 0, 0});
  hair = make("soft perm", 95, 34, 60, -8, -42);  // 緩いパーマ
  hair.parted = 0.55F, hair.part_mm = 30, hair.lift = 0.45F, hair.volume_mm = 15, hair.wave_mm = 3.6F,
  hair.wave_length_mm = 42, hair.clump = 0.8F;
  add(hair, {0.12F, 0.05F, 0, 0});
  hair = make("two block", 80, 14, 50, 0, -30);
  hair.parted = 0.6F, hair.part_mm = 38, hair.lift = 0.4F, hair.volume_mm = 14, hair.clump = 0.75F;
  add(hair, {0.25F, 0.25F, 0.08F, 0});
  hair = make("side part", 75, 20, 200, -5, -35);  // 七三
  hair.parted = 0.95F, hair.part_mm = 42, hair.lift = 0.3F, hair.back = 0.25F;
  add(hair, {0.08F, 0.30F, 0.45F, 0.40F});
  hair = make("up bang", 45, 15, 200, -2, -32);
  hair.parted = 0.2F, hair.back = 0.85F, hair.lift = 0.6F, hair.volume_mm = 10;
  add(hair, {0.12F, 0.20F, 0.10F, 0.02F});
  hair = make("crop", 22, 10, 200, 0, -30);
  hair.parted = 0, hair.lift = 0.4F, hair.volume_mm = 5, hair.clump = 0.2F;
  add(hair, {0.06F, 0.10F, 0.14F, 0.15F});
  hair = make("buzz", 7, 5, 200, 0, -30);  // 坊主
  hair.parted = 0, hair.lift = 0.5F, hair.volume_mm = 1.5F, hair.clump = 0;
  add(hair, {0.04F, 0.03F, 0.04F, 0.06F});
  hair = make("swept back", 80, 25, 200, -5, -40);  // オールバック
  hair.parted = 0, hair.back = 1, hair.lift = 0.12F, hair.volume_mm = 9;
  add(hair, {0, 0.03F, 0.16F, 0.25F});
  return styles;
}

std::vector<Style> styles_of_women() {
  std::vector<Style> styles;
  const auto add = [&](Hair hair, std::array<float, 4> share) { styles.push_back({std::move(hair), share}); };
  Hair hair = make("bob with fringe", 260, 230, 32, -105, -115);  // ボブ
  hair.parted = 0.25F, hair.part_mm = 15, hair.curl_in = 0.6F, hair.volume_mm = 14;
  add(hair, {0.18F, 0.14F, 0.10F, 0.06F});
  hair = make("bob, side part", 280, 230, 200, -110, -115);
  hair.parted = 0.95F, hair.part_mm = 32, hair.curl_in = 0.4F, hair.volume_mm = 12;
  add(hair, {0.08F, 0.18F, 0.18F, 0.08F});
  hair = make("long, fringe", 480, 460, 32, -330, -330);
  hair.parted = 0.3F, hair.part_mm = 5, hair.clump = 0.5F;
  add(hair, {0.22F, 0.06F, 0, 0});
  hair = make("long, centre part", 500, 460, 200, -330, -330);
  hair.parted = 1, hair.part_mm = 2, hair.clump = 0.5F;
  add(hair, {0.14F, 0.10F, 0.02F, 0});
  hair = make("long, behind the ears", 470, 450, 200, -320, -330);
  hair.parted = 0.95F, hair.part_mm = 20, hair.back = 0.4F, hair.clump = 0.5F, hair.volume_mm = 9;
  add(hair, {0.10F, 0.09F, 0.05F, 0});
  hair = make("medium wave", 380, 340, 200, -190, -200);
  hair.parted = 0.9F, hair.part_mm = 28, hair.wave_mm = 7, hair.wave_length_mm = 85, hair.volume_mm = 14,
  hair.clump = 0.65F;
  add(hair, {0.12F, 0.16F, 0.08F, 0.02F});
  hair = make("tied back", 330, 300, 200, -330, -330);
  hair.parted = 0.4F, hair.back = 1, hair.tied = true, hair.lift = 0.06F, hair.volume_mm = 5;
  add(hair, {0.12F, 0.16F, 0.10F, 0.08F});
  hair = make("tied, fringe", 330, 300, 34, -330, -330);
  hair.parted = 0.2F, hair.back = 1, hair.tied = true, hair.lift = 0.08F, hair.volume_mm = 6;
  add(hair, {0.10F, 0.07F, 0.02F, 0});
  hair = make("short", 105, 75, 44, -40, -70);
  hair.parted = 0.5F, hair.part_mm = 34, hair.lift = 0.3F, hair.volume_mm = 10, hair.curl_in = 0.7F,
  hair.clump = 0.65F;
  add(hair, {0.03F, 0.07F, 0.12F, 0.16F});
  hair = make("short, swept", 100, 50, 54, -18, -60);  // ears half free
  hair.parted = 0.8F, hair.part_mm = 37, hair.lift = 0.4F, hair.volume_mm = 12, hair.curl_in = 0.5F,
  hair.clump = 0.6F;
  add(hair, {0.03F, 0.07F, 0.16F, 0.18F});
  hair = make("short perm", 78, 58, 200, -28, -65);
  hair.parted = 0.1F, hair.part_mm = 26, hair.back = 0.35F, hair.lift = 0.45F, hair.wave_mm = 4.5F,
  hair.wave_length_mm = 36, hair.volume_mm = 16, hair.clump = 0.7F;
  add(hair, {0, 0.02F, 0.22F, 0.42F});
  return styles;
}

}  // namespace

Hair draw_hair(const Draw& draw, Sex sex, float age) {
  const std::vector<Style> styles = sex == Sex::kMale ? styles_of_men() : styles_of_women();
  const std::size_t band = age < 35 ? 0 : age < 55 ? 1 : age < 75 ? 2 : 3;
  std::vector<float> shares;
  shares.reserve(styles.size());
  for (const Style& style : styles) shares.push_back(style.share[band]);
  Hair hair = styles[draw.pick("hair.style", shares)].hair;
  hair.length_top_mm *= draw.between("hair.length_top", 0.85F, 1.15F);
  hair.length_side_mm *= draw.between("hair.length_side", 0.85F, 1.2F);
  if (hair.style == "short perm" && draw.chance("hair.perm_fringe", 0.45F))
    hair.fringe_mm = 52, hair.back = 0.05F, hair.parted = 0.45F, hair.volume_mm = 13;
  if (hair.fringe_mm < 100) {
    hair.fringe_mm += draw.normal("hair.fringe", 2, 4);
    // Straight down, swept to a side or opened like a curtain.
    const float kind = draw.unit("hair.fringe_kind");
    if (kind < 0.45F)
      hair.parted = draw.between("hair.swept", 0.62F, 0.85F),
      hair.part_mm = draw.between("hair.swept_from", 22, 40);
    else if (kind < 0.72F)
      hair.parted = draw.between("hair.curtain", 0.8F, 0.95F),
      hair.part_mm = draw.between("hair.curtain_from", -8, 12);
  }
  hair.side_mm += draw.normal("hair.side", 0, 8);
  hair.back_mm += draw.normal("hair.back", 0, 10);
  // Sides that hang beside the neck with nothing behind them would be tails.
  if (hair.side_mm < -75) hair.back_mm = std::min(hair.back_mm, hair.side_mm - 2);
  // A perm is brushed off the forehead by some, others let it fall there.
  if (hair.style == "short perm" && hair.fringe_mm > 100) hair.back = draw.between("hair.back", 0.58F, 0.95F);
  hair.part_mm =
      (hair.part_mm + draw.normal("hair.part", 0, 6)) * (draw.chance("hair.part_side", 0.6F) ? 1.F : -1.F);
  hair.lift = clamp01(hair.lift + draw.normal("hair.lift", 0, 0.08F));
  hair.volume_mm *= draw.between("hair.volume", 0.75F, 1.3F);
  if (!hair.tied) hair.wave_mm += draw.chance("hair.wavy", 0.25F) ? draw.between("hair.wave", 0, 2.5F) : 0;
  hair.clump = clamp01(hair.clump + draw.normal("hair.clump", 0, 0.1F));
  hair.line_degrees = draw.normal("hair.line", -2.5F, 3.2F);
  hair.temples_degrees = draw.normal("hair.temples", 0, 3.5F);
  const float old = smooth(45, 85, age);
  hair.density = draw.normal01("hair.density", 1 - 0.35F * old, 0.08F);
  if (sex == Sex::kMale) {
    const float tendency = draw.unit("hair.recession");
    hair.recession = clamp01((tendency * 1.3F - 0.3F) * smooth(28, 75, age));
    if (hair.fringe_mm > 100 && draw.chance("hair.bald", 0.27F * smooth(42, 80, age)))
      hair.balding = draw.between("hair.balding", 0.7F, 1);
    // Who has less on top has it cut shorter, and no parting across bare skin.
    if (hair.balding > 0) {
      hair.length_side_mm = std::min(hair.length_side_mm, draw.between("hair.wreath", 6, 15));
      hair.length_top_mm = std::min(hair.length_top_mm, 25.F);
      hair.volume_mm = std::min(hair.volume_mm, 4.F);
    }
    if (hair.parted > 0.5F) hair.recession *= 0.45F;
  }
  const float greying = draw.normal("hair.grey", 0, 8);
  const float natural = smooth(38, 88, age + greying);
  const bool dyed = draw.chance("hair.dyed", sex == Sex::kFemale ? (age < 75 ? 0.55F : 0.3F)
                                             : age < 35          ? 0.2F
                                                                 : 0.1F);
  hair.grey = dyed ? natural * 0.08F : natural * natural * 0.98F;
  hair.brown =
      dyed ? draw.between("hair.dye", 0.2F, age < 40 ? 0.9F : 0.6F) : draw.between("hair.brown", 0, 0.18F);
  return hair;
}

}  // namespace shogo::people
