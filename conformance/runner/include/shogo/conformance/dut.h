// DeviceUnderTest: one device on the bench with everything that belongs to it: its processes, its own world.
// Several may live at once (prove runs two), so nothing in one may touch another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <shogo/base/result.h>
#include <shogo/conformance/device.h>
#include <shogo/conformance/recorder.h>

namespace shogo::sim {
class World;
}

namespace shogo::conformance {

/// The clinic PC's software of a device, where the bench runs it: what 3-22.b does to it.
class HostSide {
 public:
  virtual ~HostSide() = default;
  /// Ends the host software without a word, as a crash does.
  virtual Result<void> crash_agent() = 0;
  virtual Result<void> start_agent() = 0;
  /// One bit of what the host software has installed from update packages flips on its disk, while it does
  /// not run (4-9.i). kUnsupported: the bench has no way to its disk; kNotFound: nothing is installed.
  virtual Result<void> rot_installed() {
    return Error{Code::kUnsupported, "the bench has no way to this host software's disk"};
  }
};

/// The device's face matcher, handed in as a library (base/contract/matcher.h), and the pictures to judge it
/// by.
struct EngineOffer {
  std::filesystem::path library;
  std::string data_folder;       ///< for the library's shogo_matcher_open
  std::filesystem::path images;  ///< a folder for each person; empty: synthetic portraits of nobody
  std::filesystem::path pairs;   ///< LFW or CSV; empty: every picture with every other
};

class DeviceUnderTest {
 public:
  virtual ~DeviceUnderTest() = default;
  [[nodiscard]] virtual Device& device() = 0;
  /// Null when the device brings its own surroundings and can use none of ours.
  [[nodiscard]] virtual sim::World* world() = 0;
  /// Null when the device's host software runs elsewhere.
  [[nodiscard]] virtual HostSide* host() { return nullptr; }
  /// Null when no matcher was handed in.
  [[nodiscard]] virtual const EngineOffer* engine() { return nullptr; }
  /// Puts the world into its first state (no card, server well) and sends its events (card, server) to
  /// `recorder` until end_case(), which returns only when no more can come.
  virtual Result<void> begin_case(std::string_view clause, std::uint64_t seed, Recorder& recorder) = 0;
  virtual void end_case() = 0;
};

/// The reference reader comes without a physical keypad, with one in its housing, or with one on a cable:
inline constexpr std::string_view kReference = "reference";
inline constexpr std::string_view kReferenceKeypad = "reference:keypad";
inline constexpr std::string_view kReferenceTwoAreas = "reference:two-areas";  ///< without one; phones apart
inline constexpr std::string_view kReferenceExternalKeypad = "reference:external-keypad";
/// bench.json's word for the keypad of the reference reader of this name; nothing for any other device.
[[nodiscard]] std::optional<std::string_view> keypad_of(std::string_view dut);

/// What `shogo run` and `shogo prove` ask a bench for.
struct DeviceRequest {
  std::string dut = "reference";  ///< or a variant of it (keypad_of), or "ws://HOST:PORT"
  std::string mutant;             ///< "m.…": a deliberately wrong reference; empty: the true one
  std::uint64_t seed = 1;
  std::string profile = "quick";
  bool verbose = false;
  EngineOffer engine;  ///< no library: none was handed in (the reference has its own)
};
using OpenDevice = std::function<Result<std::unique_ptr<DeviceUnderTest>>(const DeviceRequest&)>;

}  // namespace shogo::conformance
