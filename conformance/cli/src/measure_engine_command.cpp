#include "commands.h"
#include "measure_command.h"
#include "progress.h"

#include <fmt/format.h>

#include <shogo/base/file.h>
#include <shogo/engine/measure_engine.h>

namespace shogo::conformance {
namespace {

const CommandHelp kHelp{
    "measure engine",
    "LIBRARY --images DIR [--pairs FILE] [OPTIONS]",
    "Loads a face matcher (a shared library with the C interface of base/contract/matcher.h) in a process of "
    "its own, "
    "lets\n"
    "it compare pictures, and judges its scores as `shogo measure scores` does. A library that crashes, "
    "hangs, answers "
    "nonsense\n"
    "or changes its answers gets an error and no number. The pictures stay on this machine, and the library "
    "gets no "
    "network where\n"
    "the kernel allows to take it away.\n\n"
    "DIR holds a folder for each person. FILE says which pictures are compared: an LFW pairs file, or CSV "
    "with the "
    "columns\n"
    "reference and probe (paths below DIR; reference_subject and probe_subject, or the first folder is the "
    "person). "
    "Without\n"
    "FILE every picture meets every other one.",
    {{"--images", "DIR", "pictures (.jpg, .png, .bmp)"},
     {"--pairs", "FILE", "what is compared (default: all)"},
     {"--data", "DIR", "handed to the library as its data folder (models)"},
     {"--call-limit", "S", "seconds that one call of the library may take (default 10)"},
     {"--memory", "MB", "address space of its process (default 4096)"},
     {"--threshold", "T", "judge at this score: the engine's own setting"},
     {"--fmr", "LIMIT", "of the false match rate, and where a threshold is put (default 1e-4, 3-6)"},
     {"--fnmr", "LIMIT", "of the false non-match rate (default 0.3%, 3-6)"},
     {"--mode", "NAME", "fixed, split or swept (default split)"},
     {"--subject-share", "S", "share of the score variance a person brings (default 0.3)"},
     {"--independent", "", "declare that no two comparisons share a person"},
     kConfidenceOption,
     {"--seed", "N", "of the random halves (default 1)"},
     {"--groups", "FILE", "CSV subject,group: both rates for each group"},
     kPlotOption,
     kZooOption,
     {"--write", "FILE", "the scores, as .scores, .npz, .csv or .bob4"},
     kJsonOption},
    "  shogo measure engine ./libmatcher.so --images faces --data models\n"
    "  shogo measure engine ./libmatcher.so --images lfw --pairs pairs.txt --write lfw.scores",
    "  0  both rates proven kept\n  1  a rate proven broken\n  2  wrong usage, or an engine that cannot be "
    "judged\n"
    "  3  undecided"};

Result<engine::Limits> limits_of(const Arguments& arguments) {
  engine::Limits limits;
  if (arguments.has("--call-limit")) {
    SHOGO_TRY(const double seconds, number_of("--call-limit", arguments.get("--call-limit")));
    if (!(seconds >= 0.001 && seconds <= 3600))
      return Error{Code::kInvalid, "--call-limit must lie between 0.001 and 3600 seconds"};
    limits.call = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  }
  SHOGO_TRY(const std::uint64_t megabytes, count_of(arguments, "--memory", limits.memory >> 20));
  if (megabytes < 64 || megabytes > (1U << 20))
    return Error{Code::kInvalid, "--memory must lie between 64 and 1048576"};
  limits.memory = megabytes << 20;
  return limits;
}

Result<int> measure(const Arguments& arguments, Terminal& terminal) {
  SHOGO_CHECK_OK(check_plots(arguments));
  if (!arguments.has("--images"))
    return Error{Code::kInvalid, "--images DIR is needed: the pictures to compare"};
  const std::filesystem::path images = arguments.get("--images");
  layouts::ImagePairs pairs;
  if (arguments.has("--pairs")) {
    SHOGO_TRY(const std::string text, read_text(arguments.get("--pairs")));
    SHOGO_TRY(pairs, layouts::parse_pairs(text, arguments.get("--pairs")));
  } else {
    SHOGO_TRY(pairs, layouts::all_pairs_of(images));
  }
  SHOGO_TRY(const engine::Limits limits, limits_of(arguments));
  SHOGO_TRY(const auto process,
            engine::EngineProcess::start(arguments.positional(0), arguments.get("--data"), limits));
  ProgressLine progress(terminal, "%");
  const auto compared = engine::compare_images(
      *process, pairs, engine::images_below(images, pairs),
      [&](double share) { progress.bar(static_cast<std::size_t>(100 * share), 100, "comparing"); });
  progress.clear();
  if (!compared.ok()) return compared.error();
  const engine::EngineInfo& info = process->info();
  const json::object extra{{"engine", json::object{{"name", info.name},
                                                   {"version", info.version},
                                                   {"engine_sha256", info.engine_sha256},
                                                   {"library_sha256", info.library_sha256},
                                                   {"network_cut", info.network_cut}}},
                           {"input", json::object{{"images", pairs.images.size()},
                                                  {"subjects", pairs.subjects.size()},
                                                  {"pairs", pairs.pairs.size()},
                                                  {"templates", compared->templates},
                                                  {"templates_failed", compared->templates_failed},
                                                  {"comparisons_failed", compared->comparisons_failed},
                                                  {"comparisons_repeated", compared->repeated}}}};
  const std::string about = fmt::format(
      "{} {} (declared {}…, library {}…{})\n{} pictures of {} people, {} pairs; {} of {} templates failed\n",
      info.name, info.version, info.engine_sha256.substr(0, 12), info.library_sha256.substr(0, 12),
      info.network_cut ? ", no network" : ", NETWORK NOT CUT OFF by this kernel", pairs.images.size(),
      pairs.subjects.size(), pairs.pairs.size(), compared->templates_failed, compared->templates);
  return judge_scores(arguments, terminal, compared->scores, extra, about, !info.higher_is_similar);
}

}  // namespace

int measure_engine_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kHelp, words, 1);
  if (!arguments) return complain(terminal, kHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kHelp);
    return kExitOk;
  }
  const auto code = measure(*arguments, terminal);
  return code ? *code : complain(terminal, kHelp.name, code.error());
}

}  // namespace shogo::conformance
