// shogo people feed: one synthetic person before a camera, live or into a file.
#include "arguments.h"
#include "commands.h"
#include "interrupt.h"
#include "people_common.h"
#include "progress.h"
#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include <shogo/base/json_reader.h>
#include <shogo/camera/encode.h>
#include <shogo/camera/live.h>
#include <shogo/sim/file_sinks.h>
#include <shogo/sim/ring_sink.h>
#include <shogo/sim/v4l2_sink.h>
#include <shogo/sim/window_sink.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "people feed",
    "--seed S (--ring NAME | --v4l2 DEVICE | --window | --out FILE) [OPTIONS]",
    "Films one synthetic person who breathes, blinks, looks about and talks. Nothing loops: every moment is "
    "drawn anew,\n"
    "and the same seed gives the same moments.\n\n"
    "Live (--ring, --v4l2, --window, also together): paced by the clock. What cannot be drawn in time is "
    "left "
    "out and\n"
    "counted; at the end the rate and the jitter are told. --out: every frame, as fast as it goes, the same "
    "bytes every time\n"
    "(an mp4: for one version of ffmpeg).\n\n"
    "What is true of each frame (eyes, pose, lids, every factor) goes into the ring NAME.truth, or beside "
    "the "
    "file as\n"
    "FILE.truth.jsonl. A device is told the name NAME only. Reading it: base/contract/frame_ring.h.",
    {{"--seed", "S", "which person"},
     {"--ring", "NAME", "shared memory, as for shm_open: /shogo-cam-0"},
     {"--v4l2", "DEVICE", "a loopback device (/dev/video9): a webcam for every program"},
     {"--window", "", "a window to look at; q ends it"},
     {"--out", "FILE", "FILE.y4m, FILE.mp4 (needs ffmpeg), or a folder of PNG pictures"},
     {"--seconds", "N", "how long (default: live until Ctrl-C; needed with --out)"},
     {"--fps", "N", "frames a second, 1 to 120 (default 30)"},
     {"--size", "WxH", "pixels (default 640x480); smaller is drawn faster"},
     {"--behaviour", "NAME", "still, calm (default), talking or restless"},
     {"--motion", "S", "seed of the movements (default: the person's)"},
     {"--distance", "MM", "camera to the eyes, 250 to 2000 (default 500)"},
     {"--mask", "", "with a surgical mask"},
     kPopulationOption,
     {"--threads", "N", "frames drawn at once (default: all cores)"},
     {"--ahead", "N", "frames drawn before they are due, 1 to 60 (default 6)"},
     {"--json", "", "what was achieved, as one JSON document"}},
    "  shogo people feed --seed 7 --window\n"
    "  shogo people feed --seed 7 --ring /shogo-cam-0 --behaviour talking\n"
    "  shogo people feed --seed 7 --seconds 10 --out talk.y4m\n"
    "  shogo people feed --seed 7 --seconds 20 --ring /shogo-cam-0 --size 320x240 --json",
    "  0 filmed; 1 live, but frames had to be left out; 2 wrong usage, stopped before a file was whole, no "
    "such\n"
    "  device or display, or no room"};

struct Wanted {
  int width = 640, height = 480;
  camera::Filming filming;
  people::Person person;
  sim::FeedPlan plan;
};

Result<std::uint64_t> number(const Arguments& arguments, std::string_view option, std::string_view otherwise,
                             std::uint64_t low, std::uint64_t high) {
  SHOGO_TRY(const std::uint64_t value, parse_number(option, arguments.get(option, otherwise)));
  if (value < low || value > high)
    return Error{Code::kInvalid, fmt::format("{} must be {} to {}, not {}", option, low, high, value)};
  return value;
}

Result<void> read_size(const std::string& text, Wanted& wanted) {
  const std::size_t x = text.find('x');
  const auto side = [&](std::size_t from, std::size_t size) -> Result<std::uint64_t> {
    return parse_number("--size", text.substr(from, size));
  };
  if (x == std::string::npos)
    return Error{Code::kInvalid,
                 fmt::format("--size is WIDTHxHEIGHT, for example 640x480, not \"{}\"", text)};
  SHOGO_TRY(const std::uint64_t width, side(0, x));
  SHOGO_TRY(const std::uint64_t height, side(x + 1, std::string::npos));
  if (width < 32 || width > 1920 || height < 32 || height > 1920)
    return Error{Code::kInvalid, fmt::format("--size must lie between 32x32 and 1920x1920, not {}", text)};
  wanted.width = static_cast<int>(width);
  wanted.height = static_cast<int>(height);
  return {};
}

Result<Wanted> read(const Arguments& arguments, const PeopleCast& cast) {
  Wanted wanted;
  SHOGO_TRY(const std::uint64_t seed, parse_number("--seed", arguments.get("--seed")));
  SHOGO_CHECK_OK(read_size(arguments.get("--size", "640x480"), wanted));
  wanted.person = people::sample_person(seed, cast.recipe, *cast.head);
  camera::Shot& shot = wanted.filming.shot;
  shot.width = wanted.width;
  shot.height = wanted.height;
  SHOGO_TRY(const std::uint64_t distance, number(arguments, "--distance", "500", 250, 2000));
  shot.distance_mm = static_cast<float>(distance);
  shot.wear = {wanted.person.glasses.worn, arguments.has("--mask")};
  shot.seed = seed;
  SHOGO_TRY(wanted.filming.behaviour, camera::find_behaviour(arguments.get("--behaviour", "calm")));
  SHOGO_TRY(wanted.filming.seed, parse_number("--motion", arguments.get("--motion", std::to_string(seed))));
  SHOGO_TRY(const std::uint64_t fps, number(arguments, "--fps", "30", 1, 120));
  const std::string cores = std::to_string(std::max(1U, std::thread::hardware_concurrency()));
  SHOGO_TRY(const std::uint64_t threads, number(arguments, "--threads", cores, 1, 256));
  SHOGO_TRY(const std::uint64_t ahead, number(arguments, "--ahead", "6", 1, 60));
  wanted.plan.fps = static_cast<int>(fps);
  wanted.plan.threads = static_cast<int>(threads);
  wanted.plan.ahead = static_cast<int>(ahead);
  if (arguments.has("--seconds")) {
    SHOGO_TRY(const std::uint64_t seconds, number(arguments, "--seconds", "", 1, 1'000'000));
    wanted.plan.frames = seconds * fps;
  }
  return wanted;
}

Result<std::unique_ptr<sim::FrameSink>> file_sink(const std::string& out, const Wanted& wanted) {
  if (out.ends_with(".y4m")) return sim::y4m_sink(out, wanted.width, wanted.height, wanted.plan.fps);
  if (out.ends_with(".mp4")) return sim::mp4_sink(out, wanted.width, wanted.height, wanted.plan.fps);
  const std::size_t name = out.find_last_of('/') == std::string::npos ? 0 : out.find_last_of('/') + 1;
  if (out.find('.', name) != std::string::npos && out.find('.', name) != name)
    return Error{
        Code::kInvalid,
        fmt::format("--out {}: expected FILE.y4m, FILE.mp4, or a folder (a name without a dot)", out)};
  return sim::sequence_sink(out, "png", camera::encode_png);
}

using Sinks = std::vector<std::unique_ptr<sim::FrameSink>>;
Result<Sinks> live_sinks(const Arguments& arguments, const Wanted& wanted) {
  Sinks sinks;
  if (arguments.has("--ring")) {
    SHOGO_TRY(auto sink, sim::RingSink::create(arguments.get("--ring"), wanted.width, wanted.height));
    sinks.push_back(std::move(sink));
  }
  if (arguments.has("--v4l2")) {
    SHOGO_TRY(auto sink, sim::v4l2_sink(arguments.get("--v4l2"), wanted.width, wanted.height));
    sinks.push_back(std::move(sink));
  }
  if (arguments.has("--window")) {
    const std::string title = fmt::format("shogo: synthetic person {}", arguments.get("--seed"));
    SHOGO_TRY(auto sink, sim::window_sink(title, wanted.width, wanted.height));
    sinks.push_back(std::move(sink));
  }
  return sinks;
}

std::string in_words(const sim::FeedReport& report) {
  std::string text = fmt::format(
      "{} of {} frames in {:.1f} s: {:.2f} a second where {} were asked for, {} left out\n"
      "behind their moment: median {:.2f} ms, 99 % within {:.2f} ms, worst {:.2f} ms (n = {})\n"
      "from frame to frame: {:.2f} ms, standard deviation {:.2f} ms\n"
      "drawing a frame took one thread {:.1f} ms (median), {:.1f} ms in the worst case\n",
      report.shown, report.shown + report.dropped, static_cast<double>(report.lasted.count()) * 1e-9,
      sim::achieved_fps(report), report.fps, report.dropped, report.lateness.quantile_ms(0.5),
      report.lateness.quantile_ms(0.99), report.lateness.most_ms(), report.lateness.count(),
      report.interval.mean_ms(), report.interval.deviation_ms(), report.drawing.quantile_ms(0.5),
      report.drawing.most_ms());
  if (report.dropped > 0)
    text +=
        "This machine does not draw so many in time: fewer (--fps) or smaller ones (--size) come evenly.\n";
  return text;
}

Result<int> film(const Arguments& arguments, Terminal& terminal) {
  const bool live = arguments.has("--ring") || arguments.has("--v4l2") || arguments.has("--window");
  const std::string out = arguments.get("--out");
  if (!arguments.has("--seed")) return Error{Code::kInvalid, "--seed S is missing"};
  if (live == !out.empty())
    return Error{Code::kInvalid,
                 live ? "--out takes every frame, live feeds only those in time: give one or the other"
                      : "where to? --ring NAME, --v4l2 DEVICE, --window, or --out FILE"};
  if (!live && !arguments.has("--seconds")) return Error{Code::kInvalid, "--out needs --seconds N"};
  // Before any sink: a window begins threads of its own.
  const Interrupt interrupt;
  SHOGO_TRY(const PeopleCast cast, people_cast(arguments, terminal));
  SHOGO_TRY(const Wanted wanted, read(arguments, cast));
  // Sinks first: where there is no room, nobody is made.
  Sinks sinks;
  if (live) {
    SHOGO_TRY(sinks, live_sinks(arguments, wanted));
  } else {
    SHOGO_TRY(auto sink, file_sink(out, wanted));
    sinks.push_back(std::move(sink));
  }
  std::vector<sim::FrameSink*> borrowed;
  for (const auto& sink : sinks) borrowed.push_back(sink.get());
  const camera::LivePerson person(cast.head, wanted.person, wanted.filming);
  const sim::Scene scene = [&](Nanoseconds time) {
    camera::LiveFrame frame = person.at(time);
    return sim::Picture{std::move(frame.capture.image),
                        boost::json::serialize(camera::to_json(frame, wanted.person.seed, time))};
  };
  ProgressLine progress(terminal, "frames");
  const auto keep_going = [&](std::uint64_t done) {
    progress.bar(done, wanted.plan.frames, "");
    return !interrupt.flag()->load();
  };
  if (!live) {
    const auto recorded = sim::record(scene, wanted.plan, borrowed, keep_going);
    progress.clear();
    if (!recorded.ok()) return recorded.error();
    terminal.out << fmt::format("{} frames of synthetic person {} are in {}\n", wanted.plan.frames,
                                wanted.person.seed, out);
    return static_cast<int>(kExitOk);
  }
  if (wanted.plan.frames == 0) progress.line("filming; Ctrl-C ends it");
  RealClock clock;
  const auto report = sim::play(scene, wanted.plan, clock, borrowed, keep_going);
  progress.clear();
  if (!report.ok()) return report.error();
  if (arguments.has("--json")) {
    boost::json::object json = sim::to_json(*report);
    json["threads"] = wanted.plan.threads;
    json["ahead"] = wanted.plan.ahead;
    json["size"] = fmt::format("{}x{}", wanted.width, wanted.height);
    terminal.out << pretty_json(json);
  } else {
    terminal.out << in_words(*report);
  }
  return static_cast<int>(report->dropped == 0 ? kExitOk : kExitFail);
}

}  // namespace

int people_feed_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 0);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = film(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
