// shogo dataset generate, verify, show.
#include "arguments.h"
#include "commands.h"
#include "interrupt.h"
#include "progress.h"
#include <algorithm>
#include <map>
#include <thread>

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/collection/collection.h>
#include <shogo/layouts/survey.h>

namespace shogo::conformance {
namespace {

const CommandHelp kGenerateHelp{
    "dataset generate",
    "--people N --out DIR [--protocol NAME] [--seed S] [--population NAME] [--chip-bytes N] [--apart N] "
    "[--twins] [--maps] [--threads N]",
    "Draws the pictures of a protocol for N synthetic people: chip photo (JPEG 2000) and captures (JPEG), "
    "with truth\n"
    "and hashes in DIR/manifest.json. An interrupted run goes on when the same command is given again.",
    {{"--people", "N", "how many (1 to 100000)"},
     {"--out", "DIR", "where to; created when missing"},
     {"--protocol", "NAME", "which pictures (default ideal; shogo dataset show lists them)"},
     {"--seed", "S", "the first person's seed (default 1)"},
     {"--population", "NAME", "clinic (default) or balanced"},
     {"--chip-bytes", "N", "size of a chip photo (default 4096)"},
     {"--apart", "N",
      "people whose faces lie closer than N hundredths of a millimetre are left out (default 90)"},
     {"--twins", "", "every second person is the identical twin of the one before: look-alikes on purpose"},
     {"--maps", "", "also what each pixel shows and how far away it is (two PNG files a picture)"},
     {"--threads", "N", "people drawn at once (default: all cores)"}},
    "  shogo dataset generate --people 50 --out mini\n"
    "  shogo dataset generate --protocol yaw --people 200 --seed 1 --out yaw",
    "  0 all there; 2 wrong usage, stopped, or a folder that cannot be written or holds another order"};

const CommandHelp kVerifyHelp{
    "dataset verify",
    "DIR [--redraw N]",
    "Holds every file of a data set against its hash, and draws some people again to hold their pixels "
    "against theirs.",
    {{"--redraw", "N", "so many people are drawn again (default 2)"}},
    "  shogo dataset verify mini",
    "  0 as it was made; 1 something is missing or changed; 2 wrong usage, or no data set"};

const CommandHelp kShowHelp{
    "dataset show",
    "[DIR] [--pairs FILE] [--json]",
    "Says what a data set holds; without DIR lists the protocols.\n\n"
    "DIR may also be a collection of your own: a folder for each person, with that person's pictures in it. "
    "FILE "
    "then says\n"
    "which pictures are compared: an LFW pairs file, or CSV with the columns reference and probe. Every "
    "picture is "
    "opened, so\n"
    "that what cannot be read is known before anything is measured (`shogo measure engine` takes the same "
    "DIR and "
    "FILE).",
    {{"--pairs", "FILE", "of your own collection: what is compared"}, {"--json", "", "as one JSON document"}},
    "  shogo dataset show\n  shogo dataset show mini\n  shogo dataset show lfw --pairs pairs.txt",
    "  0 shown; 1 some pictures cannot be read (each is named); 2 wrong usage, or no data set"};

Result<std::uint64_t> number(const Arguments& arguments, std::string_view option, const char* otherwise,
                             std::uint64_t low, std::uint64_t high) {
  SHOGO_TRY(const std::uint64_t value, parse_number(option, arguments.get(option, otherwise)));
  if (value < low || value > high)
    return Error{Code::kInvalid, fmt::format("{} must be {} to {}", option, low, high)};
  return value;
}

Result<int> generate(const Arguments& arguments, Terminal& terminal) {
  collection::Order order;
  const std::string folder = arguments.get("--out");
  if (folder.empty()) return Error{Code::kInvalid, "--out DIR is missing"};
  order.protocol = arguments.get("--protocol", "ideal");
  order.population = arguments.get("--population", "clinic");
  SHOGO_TRY(order.people, number(arguments, "--people", "0", 1, 100000));
  SHOGO_TRY(order.seed, parse_number("--seed", arguments.get("--seed", "1")));
  SHOGO_TRY(order.chip_bytes, number(arguments, "--chip-bytes", "4096", 2000, 60000));
  SHOGO_TRY(const std::uint64_t apart, number(arguments, "--apart", "90", 0, 1000));
  order.apart_mm = static_cast<float>(apart) / 100;
  order.twins = arguments.has("--twins");
  order.maps = arguments.has("--maps");
  const std::string cores = std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  SHOGO_TRY(const std::uint64_t threads, number(arguments, "--threads", cores.c_str(), 1, 256));
  ProgressLine progress(terminal, "people");
  const Interrupt interrupt;
  const auto done =
      collection::generate(folder, order, static_cast<int>(threads), [&](const collection::Progress& at) {
        progress.bar(at.done, at.of, "");
        return !interrupt.flag()->load();
      });
  progress.clear();
  if (!done.ok()) return done.error();
  terminal.out << fmt::format("{} synthetic people of protocol {} are in {}\n", order.people, order.protocol,
                              folder);
  return static_cast<int>(kExitOk);
}

Result<int> verify(const Arguments& arguments, Terminal& terminal) {
  SHOGO_TRY(const std::uint64_t redraw, number(arguments, "--redraw", "2", 0, 1000000));
  SHOGO_TRY(const collection::Findings findings, collection::verify(arguments.positional(0), redraw));
  for (const std::string& line : findings.wrong) terminal.out << line << "\n";
  terminal.out << fmt::format("{} pictures, {} people drawn again, {} wrong\n", findings.images,
                              findings.redrawn, findings.wrong.size());
  return findings.wrong.empty() ? static_cast<int>(kExitOk) : 1;
}

/// A collection of somebody's own pictures.
Result<int> show_foreign(const Arguments& arguments, const std::filesystem::path& folder,
                         Terminal& terminal) {
  layouts::ImagePairs pictures;
  if (arguments.has("--pairs")) {
    SHOGO_TRY(const std::string text, read_text(arguments.get("--pairs")));
    SHOGO_TRY(pictures, layouts::parse_pairs(text, arguments.get("--pairs")));
  } else {
    const auto found = layouts::pictures_of(folder);
    if (!found.ok())
      return Error{
          Code::kNotFound,
          fmt::format("{} is no data set: it has no manifest.json, and is no folder of people either",
                      folder.string()),
          found.error()};
    pictures = *found;
  }
  ProgressLine progress(terminal, "pictures");
  const Interrupt interrupt;
  const auto survey = layouts::survey(folder, pictures, [&](std::size_t done) {
    progress.bar(done, pictures.images.size(), "");
    return !interrupt.flag()->load();
  });
  progress.clear();
  if (!survey.ok()) return survey.error();
  if (arguments.has("--json")) {
    json::array unreadable;
    for (const std::string& line : survey->unreadable) unreadable.emplace_back(line);
    terminal.out << pretty_json(json::object{
        {"people", survey->people},
        {"pictures", survey->pictures},
        {"pictures_of_a_person",
         json::object{{"fewest", survey->fewest}, {"median", survey->median}, {"most", survey->most}}},
        {"people_with_one_picture", survey->single},
        {"genuine_pairs", survey->genuine},
        {"impostor_pairs", survey->impostor},
        {"smallest_sides", json::array{survey->least_width, survey->least_height}},
        {"largest_sides", json::array{survey->most_width, survey->most_height}},
        {"unreadable", std::move(unreadable)}});
  } else {
    for (const std::string& line : survey->unreadable) terminal.out << line << "\n";
    terminal.out << fmt::format(
        "{} people, {} pictures ({} to {} each, median {}; {} people have only one), {} cannot be read\n"
        "{} genuine and {} impostor pairs{}\nsides: {} x {} to {} x {} pixels\n",
        survey->people, survey->pictures, survey->fewest, survey->most, survey->median, survey->single,
        survey->unreadable.size(), survey->genuine, survey->impostor,
        arguments.has("--pairs") ? "" : ", every picture with every other", survey->least_width,
        survey->least_height, survey->most_width, survey->most_height);
  }
  return static_cast<int>(survey->unreadable.empty() ? kExitOk : kExitFail);
}

Result<int> show(const Arguments& arguments, Terminal& terminal) {
  if (arguments.positionals().empty()) {
    for (const collection::Protocol& protocol : collection::protocols())
      terminal.out << fmt::format("{:<14}{}\n", protocol.name, protocol.about);
    return static_cast<int>(kExitOk);
  }
  const std::filesystem::path folder = arguments.positional(0);
  std::error_code ec;
  const bool ours = std::filesystem::exists(folder / "manifest.json", ec) ||
                    std::filesystem::exists(folder / "plan.json", ec);
  if (!ours) return show_foreign(arguments, folder, terminal);
  if (arguments.has("--pairs"))
    return Error{
        Code::kInvalid,
        fmt::format("--pairs is for a collection of your own; {} is a data set of shogo", folder.string())};
  SHOGO_TRY(json::value manifest, collection::read_manifest(arguments.positional(0)));
  if (arguments.has("--json")) {
    terminal.out << pretty_json(manifest);
    return static_cast<int>(kExitOk);
  }
  SHOGO_TRY(const JsonObject object, JsonObject::of(manifest, "manifest.json"));
  SHOGO_TRY(const std::string protocol, object.string("protocol"));
  SHOGO_TRY(const std::string population, object.string("population"));
  SHOGO_TRY(const std::string head, object.string("head"));
  SHOGO_TRY(const std::int64_t people, object.integer("people"));
  SHOGO_TRY(const std::int64_t left_out, object.integer("look_alikes_left_out"));
  SHOGO_TRY(const auto images, object.objects("images"));
  terminal.out << fmt::format(
      "protocol {}, population {}, {} synthetic people ({} look-alikes left out), {} pictures\nhead: {}\n",
      protocol, population, people, left_out, images.size(), head);
  std::map<std::string, std::size_t> count;
  for (const JsonObject& image : images) {
    SHOGO_TRY(const std::string capture, image.string("capture"));
    ++count[capture];
  }
  for (const auto& [capture, n] : count) terminal.out << fmt::format("  {:<20}{}\n", capture, n);
  return static_cast<int>(kExitOk);
}

int command(const CommandHelp& help, const Words& words, Terminal& terminal, std::size_t positionals,
            std::size_t more, Result<int> (*run)(const Arguments&, Terminal&)) {
  const auto arguments = Arguments::parse(help, words, positionals, false, more);
  if (!arguments) return complain(terminal, help.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(help);
    return kExitOk;
  }
  const auto done = run(*arguments, terminal);
  return done.ok() ? *done : complain(terminal, help.name, done.error());
}

}  // namespace

int dataset_generate_command(const Words& words, Terminal& terminal) {
  return command(kGenerateHelp, words, terminal, 0, 0, generate);
}
int dataset_verify_command(const Words& words, Terminal& terminal) {
  return command(kVerifyHelp, words, terminal, 1, 0, verify);
}
int dataset_show_command(const Words& words, Terminal& terminal) {
  return command(kShowHelp, words, terminal, 0, 1, show);
}

}  // namespace shogo::conformance
