#include "markup.h"

#include <fmt/format.h>

#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

enum class Kind { kPassed, kFailure, kError, kSkipped };

/// CI servers count what is not failed and not skipped as passed, so only a judged and kept clause may be
/// left plain.
Kind kind_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
    case Verdict::kMet:
      return Kind::kPassed;
    case Verdict::kFail:
      return Kind::kFailure;
    case Verdict::kHarnessError:
      return Kind::kError;
    case Verdict::kNotMet:
    case Verdict::kInconclusive:
    case Verdict::kManualPending:
    case Verdict::kNotRun:
    case Verdict::kNotApplicable:
    case Verdict::kWaived:
      return Kind::kSkipped;
  }
  return Kind::kError;
}

std::string headline(const ClauseResult& result) {
  const std::string reason =
      result.reason == Reason::kNone ? "" : fmt::format("({})", to_string(result.reason));
  return fmt::format("{}{}: {}", to_string(result.verdict), reason, result.because_en);
}

}  // namespace

std::string render_junit(const Report& report) {
  int tests = 0, failures = 0, errors = 0, skipped = 0;
  std::string suites;
  for (const JudgedItem& judged : report.items) {
    int suite_failures = 0, suite_errors = 0, suite_skipped = 0;
    std::string cases;
    for (std::size_t i = 0; i < judged.results.size(); ++i) {
      const ClauseResult& result = judged.results[i];
      const std::string message = escape(headline(result));
      std::string body;
      switch (kind_of(result.verdict)) {
        case Kind::kPassed:
          break;
        case Kind::kFailure:
          ++suite_failures;
          body = fmt::format("<failure message=\"{}\"/>", message);
          break;
        case Kind::kError:
          ++suite_errors;
          body = fmt::format("<error message=\"{}\"/>", message);
          break;
        case Kind::kSkipped:
          ++suite_skipped;
          body = fmt::format("<skipped message=\"{}\"/>", message);
          break;
      }
      cases += fmt::format("    <testcase classname=\"shogo.{}\" name=\"{} {}\">{}</testcase>\n",
                           escape(judged.item.id), escape(result.clause),
                           escape(judged.item.clauses[i].text.en), body);
    }
    suites += fmt::format(
        "  <testsuite name=\"{} {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  "
        "</testsuite>\n",
        escape(judged.item.id), escape(judged.item.title.en), judged.results.size(), suite_failures,
        suite_errors, suite_skipped, cases);
    tests += static_cast<int>(judged.results.size());
    failures += suite_failures;
    errors += suite_errors;
    skipped += suite_skipped;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shogo {}\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\" "
      "skipped=\"{}\">\n{}</testsuites>\n",
      escape(report.info.dut), tests, failures, errors, skipped, suites);
}

}  // namespace shogo::conformance
