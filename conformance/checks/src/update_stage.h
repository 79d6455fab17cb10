// Moves that the checks of update packages share (1-8.c, 3-3, 4-9): packages made and offered by the bench's
// eligibility server, and the device's word about what it has installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <shogo/conformance/stage.h>
#include <shogo/contract/update_package.h>

namespace shogo::conformance {

using contract::PackageHeader;
using contract::PackageKind;
using contract::PackageVersion;

/// Signed by whom the devices of this bench trust.
[[nodiscard]] Bytes sound_package(Stage& stage, const PackageHeader& header, std::string_view content);

/// Asks the device to look for packages every so often, where it has such a setting; notes
/// (stimulus, "update_poll", {ms, from: "settings" | "device"}).
Result<void> look_often(Stage& stage);
/// Whether look_often() could set the rhythm: a device that keeps its own may simply not have looked yet.
[[nodiscard]] bool looked_often(const Transcript& transcript);

/// Offers it under this name: note (stimulus, "offer", {name, sha256, …}). Returns the SHA-256.
std::string offer(Stage& stage, std::string_view name, const Bytes& package);
/// Until the device has fetched this package and its word about it has had time to come; not an error when it
/// never does.
Result<void> wait_fetched(Stage& stage, std::string_view sha256, milliseconds limit = kLongWait);
/// Until the device reports this version of a part; writes its words down as (device, "versions", {…}). Not
/// an error when it never does: the judge looks.
Result<void> wait_version(Stage& stage, std::string_view part, std::string_view version,
                          milliseconds limit = kLongWait);
/// What the device reports now: (device, "versions", {…}).
Result<boost::json::object> note_versions(Stage& stage);

/// The same package with the signature of nobody: zeros.
[[nodiscard]] Bytes without_signature(Bytes package);
/// The same package, signed by a key that the stage's random stream gives and nobody trusts.
[[nodiscard]] Bytes forged(Stage& stage, const PackageHeader& header, std::string_view content);

// --- for judges

/// Whether the device's exported log tells of an update with this outcome ("installed", "refused", …) and,
/// when it is not empty, this version.
[[nodiscard]] bool update_logged(const Transcript& transcript, std::string_view outcome,
                                 std::string_view version, std::string_view reason = {});

/// Whether the bench's server gave the package of this name away, the server's word.
[[nodiscard]] bool fetched(const Transcript& transcript, std::string_view name);
/// The version of a part that the device reported last before the step of this name ended; empty: none.
[[nodiscard]] std::string version_told(const Transcript& transcript, std::string_view part,
                                       std::string_view step);

}  // namespace shogo::conformance
