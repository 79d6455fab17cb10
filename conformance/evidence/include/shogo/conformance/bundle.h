// Bundle: an evidence folder in the making, and the check of a finished one.
//
//   DIR/report.json           the source of every page
//   DIR/manifest.json         every file with size and SHA-256
//   DIR/evidence/<case>/…     what the judges saw: one case a clause, or one that several clauses share
//   DIR/report.ja.html, report.en.html, junit.xml: derived, made from report.json
//
// Everything is written into a hidden folder beside DIR and renamed at the end, so a run that is killed
// leaves no half-written report: DIR is the old report or the new one. Not synchronised, but different
// clauses' folders may be filled from different threads.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <shogo/base/bytes.h>
#include <shogo/base/json_reader.h>
#include <shogo/base/result.h>

namespace shogo::conformance {

class Bundle {
 public:
  /// Opens the hidden folder at once: a read-only output folder is told before the run, not after it. Refuses
  /// (kConflict) a DIR that holds something which is not a shogo report.
  [[nodiscard]] static Result<Bundle> create(const std::filesystem::path& destination);
  /// Removes the hidden folder, unless finish() has renamed it.
  ~Bundle();
  Bundle(Bundle&& other) noexcept;
  Bundle& operator=(Bundle&& other) noexcept;

  /// evidence/<clause>, created: Transcript::save() goes here.
  [[nodiscard]] Result<std::filesystem::path> evidence_folder(std::string_view clause) const;
  /// Paths ("evidence/<clause>/…", sorted) of everything that lies in a clause's folder now:
  /// ClauseResult::evidence.
  [[nodiscard]] Result<std::vector<std::string>> evidence_of(std::string_view clause) const;
  /// Writes report.json, `pages` (names of derived_pages()), manifest.json, and puts the folder in its place.
  [[nodiscard]] Result<void> finish(const json::object& report,
                                    const std::map<std::string, std::string>& pages);

  [[nodiscard]] const std::filesystem::path& destination() const { return destination_; }

 private:
  Bundle(std::filesystem::path destination, std::filesystem::path work)
      : destination_(std::move(destination)), work_(std::move(work)) {}
  std::filesystem::path destination_, work_;
};

/// kCorrupt with the first path (in order) that is missing, extra or changed; also when report.json names
/// evidence that is not there, or the manifest does not name the report's 69 items.
[[nodiscard]] Result<void> verify_bundle(const std::filesystem::path& folder);

/// report.json of a folder that verifies. What `shogo report` and `shogo rejudge` begin with.
[[nodiscard]] Result<json::value> load_verified_report(const std::filesystem::path& folder);

}  // namespace shogo::conformance
