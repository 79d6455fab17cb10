// HeadModel: the bust that every person is a variation of: vertices at rest, quads by part, and targets
// (displacements that are added with a weight). Two sources give one: the asset pack (MakeHuman's base mesh
// and targets, CC0 1.0, made by `ci/setup --people`) and a small head of our own that is always there, for
// tests and first looks. Immutable once made; shared by all threads.
//
// Unit millimetre; y up, z to the front, x to the subject's left. The origin lies midway between the eyes.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/bytes.h>
#include <shogo/people/vec.h>

namespace shogo::people {

enum class Part : std::uint8_t { kSkin, kTongue, kTeeth, kLashes, kEyeRight, kEyeLeft };

struct Quad {
  std::array<std::uint16_t, 4> corner;
  Part part;
};

struct Target {
  struct Move {
    std::uint16_t vertex;
    Vec3 by;
  };
  std::string name;  ///< "nose/nose-width1-max"
  std::vector<Move> moves;
};

/// Two targets of opposite sense and how they are called together: "nose/nose-width1" of -min and -max. An
/// axis without an opposite has only `plus`.
struct Axis {
  std::string name;
  int minus = -1, plus = -1;  ///< indices of targets
};

class HeadModel {
 public:
  /// Damaged or foreign bytes give kCorrupt; a pack of another version gives kUnsupported.
  [[nodiscard]] static Result<HeadModel> from_pack(ByteView pack);
  /// Our own small head.
  [[nodiscard]] static HeadModel built_in();
  /// The pack when it is there (see pack_path), else the built-in head. A pack that is there but damaged is
  /// an error.
  [[nodiscard]] static Result<std::shared_ptr<const HeadModel>> load();

  [[nodiscard]] const std::vector<Vec3>& rest() const { return rest_; }
  [[nodiscard]] const std::vector<Quad>& quads() const { return quads_; }
  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }
  /// Shape axes of the face, symmetric ones once: "eyes/eye-size" stands for both sides.
  [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }
  /// Index of a target, or -1.
  [[nodiscard]] int find(std::string_view name) const;
  /// Which geometry this is, part of every image's identity: "makehuman-cc0 1 <hash>" or "built-in 1".
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool is_built_in() const { return built_in_; }

 private:
  friend class HeadBuilder;
  void finish();
  std::vector<Vec3> rest_;
  std::vector<Quad> quads_;
  std::vector<Target> targets_;
  std::vector<Axis> axes_;
  std::string id_;
  bool built_in_ = false;
};

/// SHOGO_PEOPLE_PACK, else $XDG_CACHE_HOME/shogo/people-1.pack, else ~/.cache/shogo/people-1.pack.
[[nodiscard]] std::filesystem::path pack_path();

}  // namespace shogo::people
