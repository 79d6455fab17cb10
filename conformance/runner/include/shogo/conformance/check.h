// Check = stimulus script + pure judge for one clause. The runner plays the script on a Stage, which records
// a Transcript; the judge sees nothing but that transcript and a few constants, so it runs again on an
// archived bundle. A stimulus never judges, a judge never reaches back.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/conformance/device.h>
#include <shogo/conformance/dut.h>
#include <shogo/conformance/transcript.h>
#include <shogo/conformance/verdict.h>

namespace shogo::conformance {

class Stage;

/// What a judge may know besides the transcript. All of it lies in the evidence bundle, so rejudge sees the
/// same.
struct CheckContext {
  std::string clause;
  std::map<std::string, double> numbers;  ///< of the clause, from the catalogue
  Hello device;                           ///< panel size and the like
  std::string profile;                    ///< "quick", "standard", "proof"

  /// A number of the clause's catalogue entry. Throws std::out_of_range when the catalogue has none of that
  /// name: check and catalogue disagree, a fault of ours which the runner reports as HARNESS_ERROR.
  [[nodiscard]] double number(const std::string& name) const;
};

struct Check {
  std::string_view clause;              ///< "3-11.a"
  std::vector<std::string_view> needs;  ///< capabilities; one is missing -> INCONCLUSIVE(NO_CHANNEL)
  /// Plays the script. An error means that it could not be played to its end: kUnsupported -> NO_CHANNEL;
  /// kInternal (see Stage::ours) -> HARNESS_ERROR; any other is the device's and is recorded as
  /// "stimulus_failed": the judge still sees the transcript, but the runner lets no PASS through.
  Result<void> (*stimulate)(Stage&);
  /// Pure. PASS and FAIL only; the runner turns them into MET and NOT_MET by the clause's level.
  Judgement (*judge)(const Transcript&, const CheckContext&);
  int timeout_s = 60;  ///< watchdog over the whole script
  /// Checks with the same name here have the same script, needs and timeout: it is played once a run, and
  /// each judges the one transcript. Empty: a script of its own.
  std::string_view shared_script = {};
  /// The variant of the reference reader that has what the clause is about: `shogo prove` uses it.
  std::string_view proven_on = kReference;

  /// The case at the device, the random stream of the script and the folder of its evidence are called so.
  [[nodiscard]] std::string_view case_name() const { return shared_script.empty() ? clause : shared_script; }
};

/// Every check of this build, in the order of the catalogue (conformance/checks).
[[nodiscard]] std::span<const Check> all_checks();

}  // namespace shogo::conformance
