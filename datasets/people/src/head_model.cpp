#include <algorithm>
#include <map>

#include <shogo/people/head_model.h>

namespace shogo::people {
namespace {

/// Endings of opposite targets, the first is the negative sense.
constexpr std::array<std::array<std::string_view, 2>, 17> kOpposites = {{{"-decr", "-incr"},
                                                                         {"-min", "-max"},
                                                                         {"-less", "-more"},
                                                                         {"-down", "-up"},
                                                                         {"-in", "-out"},
                                                                         {"-backward", "-forward"},
                                                                         {"-small", "-big"},
                                                                         {"-deflate", "-inflate"},
                                                                         {"-concave", "-convex"},
                                                                         {"-compress", "-uncompress"},
                                                                         {"-lessgreek", "-moregreek"},
                                                                         {"-lesshump", "-morehump"},
                                                                         {"-point", "-potato"},
                                                                         {"-decrease", "-increase"},
                                                                         {"-pointed", "-triangle"},
                                                                         {"-round", "-square"},
                                                                         {"-l", "-r"}}};

struct Split {
  std::string stem;
  bool plus = true;
  bool paired = false;
};
Split split(const std::string& name) {
  for (const auto& [minus, plus] : kOpposites) {
    if (name.ends_with(minus)) return {name.substr(0, name.size() - minus.size()), false, true};
    if (name.ends_with(plus)) return {name.substr(0, name.size() - plus.size()), true, true};
  }
  return {name, true, false};
}

bool is_face_axis(std::string_view name) {
  return !name.starts_with("expression/") && !name.starts_with("macrodetails/");
}

}  // namespace

int HeadModel::find(std::string_view name) const {
  const auto at =
      std::find_if(targets_.begin(), targets_.end(), [&](const Target& t) { return t.name == name; });
  return at == targets_.end() ? -1 : static_cast<int>(at - targets_.begin());
}

void HeadModel::finish() {
  // The origin goes midway between the eyes, wherever the source had it.
  Vec3 eyes;
  float count = 0;
  for (const Quad& quad : quads_)
    if (quad.part == Part::kEyeLeft || quad.part == Part::kEyeRight)
      for (const std::uint16_t corner : quad.corner) {
        eyes += rest_[corner];
        count += 1;
      }
  if (count > 0)
    for (Vec3& p : rest_) p -= eyes * (1 / count);
  axes_.clear();
  std::map<std::string, std::size_t> by_stem;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (!is_face_axis(targets_[i].name)) continue;
    const Split part = split(targets_[i].name);
    const auto [at, fresh] = by_stem.emplace(part.paired ? part.stem : targets_[i].name, axes_.size());
    if (fresh) axes_.push_back({at->first, -1, -1});
    (part.plus ? axes_[at->second].plus : axes_[at->second].minus) = static_cast<int>(i);
  }
}

}  // namespace shogo::people
