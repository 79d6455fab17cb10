// report_sample DIR: writes a made-up bundle in which every verdict occurs. report_sample --table [ja|en]:
// prints its table.
#include "sample.h"
#include <cstdio>
#include <cstring>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/conformance/bundle.h>

using namespace shogo;               // NOLINT: a program of its own
using namespace shogo::conformance;  // NOLINT

namespace {

/// A picture of a keypad, so that there is something to see.
std::string keypad_picture() {
  std::string keys;
  const char* legends[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "C", "0", "OK"};
  for (int i = 0; i < 12; ++i) {
    const int x = 40 + (i % 3) * 110;
    const int y = 130 + (i / 3) * 92;
    keys += fmt::format(
        "<rect x='{}' y='{}' width='98' height='80' rx='8' fill='#fff' stroke='#16213a' stroke-width='2'/>"
        "<text x='{}' y='{}' font-size='34' text-anchor='middle' font-family='sans-serif' "
        "fill='#16213a'>{}</text>",
        x, y, x + 49, y + 52, legends[i]);
  }
  return "<svg xmlns='http://www.w3.org/2000/svg' width='400' height='520'><rect width='400' height='520' "
         "fill='#f3f6fb'/>"
         "<text x='40' y='80' font-size='26' font-family='sans-serif' fill='#16213a'>PIN (made up)</text>" +
         keys + "</svg>\n";
}

Result<void> write_sample(const char* folder) {
  const Report report = sample_report();
  SHOGO_TRY(Bundle bundle, Bundle::create(folder));
  for (const JudgedItem& judged : report.items) {
    for (const ClauseResult& result : judged.results) {
      for (const std::string& path : result.evidence) {
        SHOGO_TRY(const auto clause_folder, bundle.evidence_folder(result.clause));
        const auto name = std::filesystem::path(path).filename();
        SHOGO_CHECK_OK(write_text(clause_folder / name,
                                  name.extension() == ".svg" ? keypad_picture() : std::string("{}\n")));
      }
    }
  }
  return bundle.finish(to_json(report), render_pages(report));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc >= 2 && std::strcmp(argv[1], "--table") == 0) {
    const bool ja = argc >= 3 && std::strcmp(argv[2], "ja") == 0;
    fmt::print("{}", render_table(sample_report(), {ja ? Language::kJa : Language::kEn, false}));
    return 0;
  }
  if (argc != 2) {
    fmt::print(stderr, "usage: report_sample DIR | --table [ja|en]\n");
    return 2;
  }
  const auto written = write_sample(argv[1]);
  if (written.ok()) return 0;
  fmt::print(stderr, "{}\n", written.error().describe());
  return 2;
}
