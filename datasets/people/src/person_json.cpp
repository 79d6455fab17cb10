#include "face_features.h"
#include <cmath>

#include <shogo/people/person.h>

namespace shogo::people {
namespace {

namespace json = boost::json;

/// Four decimals: enough to tell people apart, and the same text everywhere.
double rounded(float x) {
  return std::floor(static_cast<double>(x) * 1e4 + 0.5) / 1e4;
}
json::object values(const std::vector<AxisValue>& axes) {
  json::object out;
  for (const AxisValue& axis : axes) out[axis.name] = rounded(axis.value);
  return out;
}
json::array colour(Vec3 c) {
  return {rounded(c.x), rounded(c.y), rounded(c.z)};
}

}  // namespace

json::object to_json(const Person& p) {
  json::object features;
  for (std::size_t i = 0; i < p.features.size(); ++i) features[feature_names()[i]] = rounded(p.features[i]);
  json::array moles;
  for (const Mole& mole : p.skin.moles)
    moles.push_back(json::object{{"azimuth", rounded(mole.azimuth)},
                                 {"elevation", rounded(mole.elevation)},
                                 {"radius_mm", rounded(mole.radius_mm)}});
  return {{"synthetic", true},
          {"seed", p.seed},
          {"recipe", p.recipe},
          {"sex", p.sex == Sex::kMale ? "male" : "female"},
          {"age", rounded(p.age)},
          {"masculine", rounded(p.masculine)},
          {"ancestry", json::object{{"asian", rounded(p.asian)},
                                    {"african", rounded(p.african)},
                                    {"caucasian", rounded(p.caucasian)}}},
          {"weight", rounded(p.weight)},
          {"skin", json::object{{"melanin", rounded(p.skin.melanin)},
                                {"blood", rounded(p.skin.blood)},
                                {"freckles", rounded(p.skin.freckles)},
                                {"age_spots", rounded(p.skin.age_spots)},
                                {"wrinkles", rounded(p.skin.wrinkles)},
                                {"stubble", rounded(p.skin.stubble)},
                                {"lip_red", rounded(p.skin.lip_red)},
                                {"moles", std::move(moles)}}},
          {"eyes", json::object{{"apart_mm", rounded(p.eyes.apart_mm)},
                                {"fissure_mm", rounded(p.eyes.fissure_mm)},
                                {"iris_mm", rounded(p.eyes.iris_mm)},
                                {"brown", rounded(p.eyes.brown)},
                                {"lid_fold", rounded(p.eyes.lid_fold)},
                                {"lash", rounded(p.eyes.lash)}}},
          {"proportions", json::object{{"face_mm", rounded(p.proportions.face_mm)},
                                       {"cheek_mm", rounded(p.proportions.cheek_mm)},
                                       {"jaw", rounded(p.proportions.jaw)},
                                       {"nose", rounded(p.proportions.nose)},
                                       {"mouth", rounded(p.proportions.mouth)},
                                       {"corners_mm", rounded(p.proportions.corners_mm)},
                                       {"neck_mm", rounded(p.proportions.neck_mm)}}},
          {"features", std::move(features)},
          {"widths",
           json::object{{"nose_mm", rounded(p.widths.nose_mm)}, {"mouth_mm", rounded(p.widths.mouth_mm)}}},
          {"brows", json::object{{"thickness", rounded(p.brows.thickness)},
                                 {"density", rounded(p.brows.density)},
                                 {"arch", rounded(p.brows.arch)},
                                 {"slope", rounded(p.brows.slope)},
                                 {"length", rounded(p.brows.length)}}},
          {"hair", json::object{{"style", p.hair.style},
                                {"grey", rounded(p.hair.grey)},
                                {"brown", rounded(p.hair.brown)},
                                {"recession", rounded(p.hair.recession)},
                                {"balding", rounded(p.hair.balding)},
                                {"part_mm", rounded(p.hair.part_mm)}}},
          {"glasses", json::object{{"usually_worn", p.glasses.worn},
                                   {"roundness", rounded(p.glasses.roundness)},
                                   {"height", rounded(p.glasses.height)}}},
          {"clothes", json::object{{"kind", p.clothes.kind}, {"colour", colour(p.clothes.colour)}}},
          {"axes", values(p.axes)},
          {"resting_face", values(p.rest_face)}};
}

}  // namespace shogo::people
