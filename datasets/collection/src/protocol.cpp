#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <shogo/base/rng.h>
#include <shogo/collection/protocol.h>

namespace shogo::collection {
namespace {

/// Draws the small differences between two visits: each number has a stream of its own.
class Visit {
 public:
  Visit(std::uint64_t seed, std::uint64_t person, int number)
      : prefix_(fmt::format("{}.{}.", person, number)), seed_(seed) {}
  [[nodiscard]] float between(std::string_view name, float low, float high) const {
    return low + (high - low) * static_cast<float>(Rng(seed_, prefix_ + std::string(name)).unit());
  }
  [[nodiscard]] std::uint64_t number(std::string_view name) const {
    return Rng(seed_, prefix_ + std::string(name)).next();
  }

 private:
  std::string prefix_;
  std::uint64_t seed_;
};

/// Frontal within 5 degrees, 42 to 60 cm, diffuse light, neutral or a slight smile, no glasses.
camera::Shot ideal_shot(const Visit& visit) {
  camera::Shot shot;
  shot.distance_mm = visit.between("distance", 420, 600);
  shot.camera_below_mm = visit.between("height", -25, 25);
  shot.pose = {visit.between("yaw", -5, 5), visit.between("pitch", -5, 5), visit.between("roll", -3, 3)};
  const float smile = visit.between("smile", -0.5F, 0.28F);
  if (smile > 0) shot.expression.push_back({"mouth-corner-puller", smile});
  shot.key_azimuth = visit.between("light", -45, 45);
  shot.key_elevation = visit.between("light.up", 25, 50);
  shot.key = visit.between("light.key", 0.35F, 0.5F);
  shot.softness = visit.between("light.soft", 0.6F, 1);
  shot.kelvin = visit.between("light.kelvin", 4200, 6000);
  shot.seed = visit.number("noise");
  return shot;
}

struct Ladder {
  std::string_view name, about;
  std::vector<double> steps;
  void (*climb)(Planned& planned, double step);
};

const std::vector<Ladder>& ladders() {
  static const std::vector<Ladder> kLadders = {
      {"yaw",
       "head turned, degrees",
       {-40, -25, -12, 0, 12, 25, 40},
       [](Planned& p, double s) { p.shot.pose.yaw = static_cast<float>(s); }},
      {"pitch",
       "head lowered or raised, degrees",
       {-25, -12, 0, 12, 25},
       [](Planned& p, double s) { p.shot.pose.pitch = static_cast<float>(s); }},
      {"height",
       "camera below (+) or above (-) the eyes, mm: a tall person, somebody in a wheelchair",
       {-250, -120, 0, 120, 250},
       [](Planned& p, double s) { p.shot.camera_below_mm = static_cast<float>(s); }},
      {"distance",
       "camera to eyes, mm",
       {300, 420, 600, 800, 1000},
       [](Planned& p, double s) { p.shot.distance_mm = static_cast<float>(s); }},
      {"illumination",
       "ambient light, share of a well lit room; noise grows as the gain does",
       {1, 0.4, 0.15, 0.05},
       [](Planned& p, double s) {
         const auto f = static_cast<float>(s);
         p.shot.ambient = f, p.shot.key *= f, p.shot.fill *= f, p.shot.sensor.gain = std::min(8.F, 1 / f);
       }},
      {"direction",
       "main light from aside, degrees; 160 is behind",
       {0, 45, 90, 130, 160},
       [](Planned& p, double s) {
         p.shot.key_azimuth = static_cast<float>(s), p.shot.key = 1.1F, p.shot.fill = 0.05F,
         p.shot.ambient = 0.35F, p.shot.softness = 0.15F;
       }},
      {"glasses",
       "0 none, 1 with glasses",
       {0, 1},
       [](Planned& p, double s) { p.shot.wear.glasses = s > 0.5; }},
      {"mask",
       "0 none, 1 with a surgical mask",
       {0, 1},
       [](Planned& p, double s) { p.shot.wear.mask = s > 0.5; }},
      {"hair",
       "0 as on the photo, 1 to 3 other styles",
       {0, 1, 2, 3},
       [](Planned& p, double s) { p.day.hair = static_cast<std::uint32_t>(s); }},
      {"ageing",
       "years since the photo",
       {0, 5, 10},
       [](Planned& p, double s) { p.day.years = static_cast<float>(s); }},
      {"expression",
       "smile, share of the widest",
       {0, 0.3, 0.6, 0.9},
       [](Planned& p, double s) {
         p.shot.expression.clear();
         if (s > 0) p.shot.expression.push_back({"mouth-corner-puller", static_cast<float>(s)});
       }},
      {"blur",
       "defocus, pixels",
       {0, 1, 2, 4},
       [](Planned& p, double s) { p.shot.sensor.defocus_px = static_cast<float>(s); }},
      {"noise",
       "times a good sensor's noise",
       {1, 3, 6, 12},
       [](Planned& p, double s) { p.shot.sensor.gain = static_cast<float>(s); }},
  };
  return kLadders;
}

Planned chip_of(const Visit& visit) {
  Planned planned;
  planned.name = "chip";
  planned.chip = true;
  planned.shot = camera::id_photo();
  planned.shot.pose = {visit.between("chip.yaw", -1.5F, 1.5F), visit.between("chip.pitch", -1.5F, 1.5F),
                       visit.between("chip.roll", -1, 1)};
  planned.shot.seed = visit.number("chip.noise");
  return planned;
}

}  // namespace

const std::vector<Protocol>& protocols() {
  static const std::vector<Protocol> kAll = [] {
    std::vector<Protocol> all = {
        {"ideal", "chip photo and two captures of a person who stands well before the camera"}};
    for (const Ladder& ladder : ladders()) all.push_back({ladder.name, ladder.about});
    all.push_back({"combined",
                   "chip photo and three captures with everything at once: pose, distance, light, glasses, "
                   "hair, noise, blur"});
    return all;
  }();
  return kAll;
}

Result<Protocol> find_protocol(std::string_view name) {
  std::string known;
  for (const Protocol& protocol : protocols()) {
    if (protocol.name == name) return protocol;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", protocol.name);
  }
  return Error{Code::kNotFound, fmt::format("there is no protocol \"{}\"; there are {}", name, known)};
}

std::vector<Planned> plan(const Protocol& protocol, std::uint64_t seed, const people::Person& person) {
  std::vector<Planned> all = {chip_of(Visit(seed, person.seed, 0))};
  if (protocol.name == "ideal") {
    for (const int n : {1, 2})
      all.push_back({fmt::format("ideal-{}", n), false, "", 0, {}, ideal_shot(Visit(seed, person.seed, n))});
    return all;
  }
  if (protocol.name == "combined") {
    for (const int n : {1, 2, 3}) {
      const Visit visit(seed, person.seed, n);
      Planned one{fmt::format("combined-{}", n), false, "combined",
                  static_cast<double>(n),        {},    ideal_shot(visit)};
      one.shot.pose = {visit.between("yaw", -28, 28), visit.between("pitch", -18, 18),
                       visit.between("roll", -8, 8)};
      one.shot.distance_mm = visit.between("far", 320, 900);
      one.shot.camera_below_mm = visit.between("below", -200, 200);
      one.shot.key_azimuth = visit.between("light", -120, 120);
      one.shot.ambient = visit.between("ambient", 0.25F, 1);
      one.shot.fill *= one.shot.ambient;
      one.shot.softness = visit.between("soft", 0, 1);
      one.shot.wear.glasses = visit.between("glasses", 0, 1) < 0.35F;
      one.day.hair = visit.between("hair", 0, 1) < 0.3F ? 1 : 0;
      one.shot.sensor = {visit.between("gain", 1, 5), visit.between("defocus", 0.3F, 1.6F),
                         visit.between("motion", 0, 4), -0.03F, visit.between("warmth", -1, 1)};
      all.push_back(std::move(one));
    }
    return all;
  }
  const auto at = std::find_if(ladders().begin(), ladders().end(),
                               [&](const Ladder& ladder) { return ladder.name == protocol.name; });
  if (at == ladders().end()) return all;
  for (const double step : at->steps) {
    // Every step starts from the same visit: all else equal.
    Planned one{fmt::format("{}{:+g}", at->name, step), false, std::string(at->name), step, {},
                ideal_shot(Visit(seed, person.seed, 1))};
    at->climb(one, step);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace shogo::collection
