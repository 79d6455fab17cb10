// shogo people show, sheet.
#include "arguments.h"
#include "commands.h"
#include "people_common.h"
#include "progress.h"
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/camera/encode.h>
#include <shogo/camera/shot.h>

namespace shogo::conformance {
namespace {

const CommandHelp kShowHelp{
    "people show",
    "--seed S [--population NAME] [--out FILE.png]",
    "Prints everything that makes one synthetic person, as JSON; with --out also draws a photograph. The "
    "same seed\n"
    "gives the same person on every machine. Nobody real was used.",
    {{"--seed", "S", "which person"},
     kPopulationOption,
     {"--out", "FILE", "where the photograph goes (PNG, 480 x 600)"}},
    "  shogo people show --seed 7\n"
    "  shogo people show --seed 7 --out person.png",
    "  0 shown; 2 wrong usage, a damaged asset pack, or a file that cannot be written"};

const CommandHelp kSheetHelp{
    "people sheet",
    "--people N --seed S --out FILE.png [--population NAME] [--columns N] [--view NAME]",
    "Draws a contact sheet of N synthetic people: seeds S, S+1, … from left to right, top to bottom.",
    {{"--people", "N", "how many (1 to 1000)"},
     {"--seed", "S", "the first person's seed (default 1)"},
     {"--out", "FILE", "where to (PNG)"},
     kPopulationOption,
     {"--columns", "N", "people in a row (default 8)"},
     {"--view", "NAME",
      "photo (default: as for an identity card) or reader (as the reader's camera sees them)"}},
    "  shogo people sheet --people 40 --seed 1 --out sheet.png",
    "  0 drawn; 2 wrong usage, a damaged asset pack, or a file that cannot be written"};

/// Two by two samples in each of so many pixels each way: hair, lashes and outlines are drawn as a lens sees
/// them.
constexpr int kFine = 2;

Image portrait(const PeopleCast& cast, std::uint64_t seed, bool reader, int width, int height) {
  const people::Person person = people::sample_person(seed, cast.recipe, *cast.head);
  camera::Shot shot = camera::id_photo(width, height);
  if (reader) {
    shot = {};
    shot.width = width;
    shot.height = height;
    shot.field_degrees = 46;
    shot.wear.glasses = person.glasses.worn;
  }
  shot.seed = seed;
  shot.fine = kFine;
  const people::Figure figure = people::build_figure(*cast.head, person, shot.expression, shot.wear);
  return camera::take(figure, shot).image;
}

Result<void> show(const Arguments& arguments, Terminal& terminal) {
  if (!arguments.has("--seed")) return Error{Code::kInvalid, "--seed S is missing"};
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed")));
  SHOGO_TRY(const PeopleCast cast, people_cast(arguments, terminal));
  boost::json::object text = people::to_json(people::sample_person(seed, cast.recipe, *cast.head));
  text["head"] = cast.head->id();
  if (arguments.has("--out")) {
    SHOGO_TRY(const Bytes file, camera::encode_png(portrait(cast, seed, false, 480, 600)));
    SHOGO_CHECK_OK(write_file(arguments.get("--out"), file));
  }
  terminal.out << pretty_json(text);
  return {};
}

Result<void> sheet(const Arguments& arguments, Terminal& terminal) {
  constexpr int kWidth = 240, kHeight = 300;
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed", "1")));
  SHOGO_TRY(const std::uint64_t count, parse_number("--people", arguments.get("--people", "0")));
  SHOGO_TRY(const std::uint64_t wide, parse_number("--columns", arguments.get("--columns", "8")));
  const std::string view = arguments.get("--view", "photo");
  if (count < 1 || count > 1000) return Error{Code::kInvalid, "--people N must be 1 to 1000"};
  if (wide < 1 || wide > 50) return Error{Code::kInvalid, "--columns N must be 1 to 50"};
  if (view != "photo" && view != "reader")
    return Error{Code::kInvalid, fmt::format("--view is photo or reader, not \"{}\"", view)};
  if (!arguments.has("--out")) return Error{Code::kInvalid, "--out FILE.png is missing"};
  SHOGO_TRY(const PeopleCast cast, people_cast(arguments, terminal));
  const int columns = static_cast<int>(std::min(wide, count)),
            rows = static_cast<int>((count + static_cast<std::uint64_t>(columns) - 1) /
                                    static_cast<std::uint64_t>(columns));
  Image all{columns * kWidth, rows * kHeight, 3, {}};
  all.pixels.assign(static_cast<std::size_t>(all.width) * static_cast<std::size_t>(all.height) * 3, 255);
  ProgressLine progress(terminal, "people");
  std::atomic<int> next = 0;
  std::mutex mutex;
  const auto work = [&] {
    for (int i = next++; i < static_cast<int>(count); i = next++) {
      const std::uint64_t who = seed + static_cast<std::uint64_t>(i);
      const Image one = portrait(cast, who, view == "reader", kWidth, kHeight);
      const std::lock_guard lock(mutex);
      progress.bar(static_cast<std::size_t>(i), static_cast<std::size_t>(count), fmt::format("seed {}", who));
      for (int y = 0; y < kHeight; ++y)
        std::copy_n(
            one.at(0, y), kWidth * 3,
            all.pixels.begin() + ((static_cast<std::ptrdiff_t>(i / columns) * kHeight + y) * all.width +
                                  (i % columns) * kWidth) *
                                     3);
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < std::thread::hardware_concurrency(); ++t) others.emplace_back(work);
    work();
  }
  progress.clear();
  SHOGO_TRY(const Bytes file, camera::encode_png(all));
  SHOGO_CHECK_OK(write_file(arguments.get("--out"), file));
  terminal.out << fmt::format("{} synthetic people, seeds {} to {}, are in {}\n", count, seed,
                              seed + count - 1, arguments.get("--out"));
  return {};
}

int command(const CommandHelp& help, const Words& words, Terminal& terminal,
            Result<void> (*run)(const Arguments&, Terminal&)) {
  const auto arguments = Arguments::parse(help, words, 0);
  if (!arguments) return complain(terminal, help.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(help);
    return kExitOk;
  }
  const auto done = run(*arguments, terminal);
  return done.ok() ? kExitOk : complain(terminal, help.name, done.error());
}

}  // namespace

int people_show_command(const Words& words, Terminal& terminal) {
  return command(kShowHelp, words, terminal, show);
}
int people_sheet_command(const Words& words, Terminal& terminal) {
  return command(kSheetHelp, words, terminal, sheet);
}

}  // namespace shogo::conformance
