// Person: everything that makes one synthetic person look like nobody else, as numbers. Sampled from a seed
// by a recipe; the same seed and recipe give the same person on every machine. Every number has a stream of
// its own (named after it), so adding one shifts no other. All of it is *synthetic*: no number comes from a
// real person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/result.h>
#include <shogo/people/head_model.h>

namespace shogo::people {

enum class Sex : std::uint8_t { kFemale, kMale };

/// Coefficient of a shape axis of the head model: -1 and +1 are the axis' own extremes.
struct AxisValue {
  std::string name;
  float value = 0;
  friend bool operator==(const AxisValue&, const AxisValue&) = default;
};

/// A smooth bulge, mirrored to the other side: variety that no axis has. Millimetres.
struct Warp {
  Vec3 centre, by;
  float radius = 20;
  friend bool operator==(const Warp&, const Warp&) = default;
};

struct Mole {
  float azimuth = 0, elevation = 0;  ///< degrees on the face, see FaceChart
  float radius_mm = 1;
  float darkness = 0.5F;
  friend bool operator==(const Mole&, const Mole&) = default;
};

struct Skin {
  float melanin = 0.3F;  ///< 0 very fair … 1 very dark
  float blood = 0.5F;    ///< haemoglobin: pale … ruddy
  float mottle = 0.5F, freckles = 0, age_spots = 0, wrinkles = 0, pores = 0.5F, oil = 0.5F;
  float under_eye = 0.3F;  ///< dark rings
  float cheek_red = 0.3F, nose_red = 0.2F, lip_red = 0.5F, lip_dark = 0.3F;
  float stubble = 0;  ///< shadow of shaved beard
  std::vector<Mole> moles;
  friend bool operator==(const Skin&, const Skin&) = default;
};

struct Eyes {
  float apart_mm = 62;                  ///< between the pupils
  float fissure_mm = 26;                ///< from corner to corner of an open eye
  float iris_mm = 5.9F, pupil = 0.36F;  ///< radius; share of the iris
  float brown = 0.85F;                  ///< 0 light brown … 1 almost black
  float sclera_red = 0.15F, sclera_yellow = 0.1F;
  float arcus = 0;        ///< pale ring inside the iris' rim
  float lid_fold = 0.5F;  ///< 0 single lid (一重) … 1 clear double fold (二重)
  float lash = 0.5F;
  float open_mm = 9.2F, uneven_mm = 0;  ///< between the lids' edges at the pupil; the left eye's surplus
  float tilt_mm = 1.5F;                 ///< how much higher the outer corner lies
  float arch_upper = 0.5F, arch_lower = 0.4F;  ///< 0 almond … 1 round
  float peak = 0;  ///< where the upper lid is highest: -1 nearer to the nose … +1 farther
  friend bool operator==(const Eyes&, const Eyes&) = default;
};

/// Widths that the shape is brought to.
struct Widths {
  float nose_mm = 36, mouth_mm = 47;
  friend bool operator==(const Widths&, const Widths&) = default;
};

/// Whole proportions that the shape is brought near to: drawn around *synthetic* round figures of adults, so
/// that what many axes add up to is neither alike nor odd.
struct Proportions {
  float face_mm = 116;      ///< middle of the eyes to chin
  float cheek_mm = 131;     ///< width of the face before the ears
  float jaw = 0.76F;        ///< width of the jaw beside the mouth, share of the cheeks'
  float nose = 0.405F;      ///< eyes to the foot of the nose, share of the face
  float mouth = 0.33F;      ///< foot of the nose to the seam of the lips, share of what is left to the chin
  float corners_mm = 0.3F;  ///< corners of the mouth above the middle of the seam
  float neck_mm = 106;      ///< width of the neck below the jaw
  friend bool operator==(const Proportions&, const Proportions&) = default;
};

struct Brows {
  float height_mm = 0;  ///< up from the usual place
  float length = 1, thickness = 1, density = 0.7F;
  float arch = 0.4F, slope = 0, taper = 0.6F, inner_gap_mm = 0, peak = 0.62F, tail_drop = 0.3F,
        bushiness = 0.4F;
  float groomed = 0;  ///< 0 as they grow … 1 plucked and pencilled
  float asymmetry_mm = 0;
  friend bool operator==(const Brows&, const Brows&) = default;
};

struct Hair {
  std::string style;
  float length_top_mm = 80, length_side_mm = 60;  ///< longest strand
  float fringe_mm = 200;                          ///< front hair ends so far above eye level; 200: no fringe
  float side_mm = -30, back_mm = -60;             ///< hair ends at this height over eye level
  float part_mm = 30;                             ///< parting, to the left of the middle
  float parted = 0.5F;                            ///< 0 all from the crown … 1 clearly parted
  float back = 0;                                 ///< swept back
  float lift = 0.3F, wave_mm = 0, wave_length_mm = 60, curl_in = 0, clump = 0.4F, volume_mm = 10;
  bool tied = false;
  float line_degrees = 0;     ///< how much higher the hairline lies than usual
  float temples_degrees = 0;  ///< the same at the temples
  float density = 1, recession = 0, balding = 0, grey = 0;
  float brown = 0.1F;  ///< 0 black … 1 light brown dye
  friend bool operator==(const Hair&, const Hair&) = default;
};

struct Glasses {
  bool worn = false;
  float width = 1, height = 1, roundness = 0.5F, thickness_mm = 1.6F;
  float dark = 1;  ///< 0 light metal … 1 black
  float red = 0;
  friend bool operator==(const Glasses&, const Glasses&) = default;
};

struct Clothes {
  int kind = 0;  ///< 0 round neck, 1 V neck, 2 shirt with collar, 3 suit, 4 blouse
  Vec3 colour{0.2F, 0.2F, 0.25F}, second{0.8F, 0.8F, 0.8F};
  friend bool operator==(const Clothes&, const Clothes&) = default;
};

struct Person {
  std::uint64_t seed = 0;
  std::string recipe;
  Sex sex = Sex::kFemale;
  float age = 40;
  float masculine = 0;                          ///< 0 … 1, close to the sex, a little beyond in some
  float asian = 1, african = 0, caucasian = 0;  ///< shares of the macro shape, sum 1
  float weight = 0;                             ///< -1 thin … +1 heavy
  std::vector<AxisValue> axes;
  std::vector<Warp> warps;
  std::vector<AxisValue> rest_face;  ///< how the face rests: expression units, small
  Skin skin;
  Eyes eyes;
  Widths widths;
  Proportions proportions;
  std::vector<float> features;  ///< how far parts of the face stand out (face_features.h)
  Brows brows;
  Hair hair;
  Glasses glasses;
  Clothes clothes;
  friend bool operator==(const Person&, const Person&) = default;
};

/// How people are drawn.
struct Recipe {
  std::string_view name;
  float strength = 1.15F;  ///< times the natural spread of face axes
};
/// "clinic": visitors of Japanese clinics, ages and sexes in real-world shares. "balanced": equal shares of
/// age bands, sexes and skin tones, for research.
[[nodiscard]] Result<Recipe> find_recipe(std::string_view name);

/// The same person on another day: nothing else about them changes.
struct Day {
  float years = 0;         ///< later (+) or earlier (-)
  std::uint32_t hair = 0;  ///< 0: the usual hair; else another style
  friend bool operator==(const Day&, const Day&) = default;
};
[[nodiscard]] Person sample_person(std::uint64_t seed, const Recipe& recipe, const HeadModel& head,
                                   const Day& day = {});

/// Everything, for people and manifests.
[[nodiscard]] boost::json::object to_json(const Person& person);

}  // namespace shogo::people
