// 1-13.g: the guidance comes out of the device's own body, not from the clinic PC. Where the loudspeaker sits
// is for a person to see; what the bench shows is that the device goes on speaking while the PC is silent.
#pragma once

#include <string_view>

#include <shogo/conformance/check.h>
#include <shogo/conformance/stage.h>

namespace shogo::conformance {

/// One stretch of listening, between two moments of the device's clock: (harness, "guidance", {part, reached,
/// t_from_ns, t_to_ns}). `reached`: the device came to the page on which it ought to speak.
inline constexpr std::string_view kGuidance = "guidance";
/// The PIN page with a PC that talks, the same page while no byte of the PC arrives, and what is said when
/// the PC's software has ended.
inline constexpr std::string_view kWithPc = "with_pc", kSilentPc = "silent_pc", kStoppedPc = "stopped_pc";

Result<void> stimulate_guidance_source(Stage& stage);
Judgement judge_guidance_source(const Transcript& transcript, const CheckContext& context);

}  // namespace shogo::conformance
