// shogo card serve, issue, show, trace.
#include "arguments.h"
#include "commands.h"
#include "progress.h"
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <shogo/base/clock.h>
#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/apdu_text.h>
#include <shogo/sim/card_file.h>
#include <shogo/sim/serve_card.h>

namespace shogo::conformance {
namespace {

constexpr std::size_t kMostCards = 15;

constexpr std::string_view kProfileHelp =
    "which kind of card (default standard); a built-in name or a path to a profile file";

const CommandHelp kServeHelp{
    "card serve",
    "[FILE...] [--profile NAME] [--seed N] [--system] [-- COMMAND...]",
    "Lays virtual cards (of synthetic people) on readers of a private PC/SC service: those of the FILEs "
    "that\n"
    "shogo card issue wrote, or one invented on the spot. With a COMMAND: runs it so that it sees the "
    "readers, and\n"
    "ends with its exit code. Without: serves until Ctrl-C and says how to reach the readers.",
    {{"--profile", "NAME", kProfileHelp},
     {"--seed", "N", "which synthetic person, keys and certificates (default 1)"},
     {"--consent", "", "phones: the holder agrees on the phone to everything"},
     {"--rf", "KBIT", "let commands take as long as over the air: 106, 212, 424 or 848 kbit/s"},
     {"--system", "", "use the machine's own pcscd with the vpcd driver: every program sees the card"}},
    "  shogo card serve -- opensc-tool -n\n"
    "  shogo card serve --profile face-authentication -- pkcs15-tool --dump\n"
    "  shogo card serve taro.card hanako.card",
    "  the COMMAND's; 0 after Ctrl-C; 2 for wrong usage, a damaged FILE, or when there is no pcscd"};

const CommandHelp kTraceHelp{"card trace",
                             "[FILE...] [--profile NAME] [--seed N] [--json] [-- COMMAND...]",
                             "Like card serve, and tells every command that reaches the cards, on standard "
                             "error: which file, how many bytes,\n"
                             "what the answer means. Bodies are never shown.",
                             {{"--profile", "NAME", kProfileHelp},
                              {"--seed", "N", "which synthetic person, keys and certificates (default 1)"},
                              {"--consent", "", "phones: the holder agrees on the phone to everything"},
                              {"--rf", "KBIT", "let commands take as long as over the air"},
                              {"--json", "", "one JSON object a line"}},
                             "  shogo card trace -- pkcs15-tool --dump\n"
                             "  shogo card trace taro.card --json -- ./my-program 2> trace.jsonl",
                             "  as card serve"};

const CommandHelp kIssueHelp{
    "card issue",
    "--out FILE [--profile NAME] [--seed N] [--pki N] [--today DATE] [--count N]",
    "Writes a card for a synthetic person into a file. The same profile, seeds and day give the same file. "
    "What the\n"
    "card remembers (counters, changed PINs) is kept in the file from then on.",
    {{"--out", "FILE", "where to; with --count a folder"},
     {"--profile", "NAME", kProfileHelp},
     {"--seed", "N", "which synthetic person (default 1)"},
     {"--pki", "N", "which test hierarchy signs (default 1; shogo pki writes its certificates)"},
     {"--today", "DATE", "the day from which certificates count, YYYY-MM-DD (default: today)"},
     {"--count", "N", "so many people, from --seed on"},
     {"--list", "", "print the built-in profiles"}},
    "  shogo card issue --profile standard --seed 7 --out taro.card\n"
    "  shogo card issue --count 1000 --out cards\n"
    "  shogo card issue --list",
    "  0 written; 2 wrong usage, a mistake in a profile file, or a file that cannot be written"};

const CommandHelp kShowHelp{
    "card show",
    "FILE [--json]",
    "Prints everything on a card, with the test PINs and keys' certificates: all of it is "
    "synthetic.",
    {{"--json", "", "as one JSON document"}},
    "  shogo card show taro.card",
    "  0 shown; 2 when the file is no card, or a damaged one"};

/// One line a command, from several cards' threads.
class TraceWriter {
 public:
  TraceWriter(std::ostream& to, bool as_json, bool many, bool colour)
      : to_(to), json_(as_json), many_(many), colour_(colour), start_(std::chrono::steady_clock::now()) {}
  void write(std::size_t card, const sim::ApduTrace& trace, const sim::CardProfile& profile) {
    const std::chrono::duration<double> at = std::chrono::steady_clock::now() - start_;
    const std::lock_guard lock(mutex_);
    if (json_) {
      boost::json::object line{{"t_s", at.count()}, {"card", card}};
      for (auto& item : sim::apdu_json(trace, profile)) line[item.key()] = item.value();
      to_ << boost::json::serialize(line) << '\n';
    } else {
      const bool good = trace.sw == 0x9000;
      to_ << fmt::format("{:9.4f}  {}{}{}{}\n", at.count(), many_ ? fmt::format("card {}  ", card) : "",
                         colour_ && !good ? "\x1b[33m" : "", sim::apdu_text(trace, profile),
                         colour_ && !good ? "\x1b[0m" : "");
    }
    to_.flush();
  }

 private:
  std::mutex mutex_;
  std::ostream& to_;
  bool json_, many_, colour_;
  std::chrono::steady_clock::time_point start_;
};

Result<sim::ServeOptions> serve_options(const Arguments& arguments) {
  sim::ServeOptions options;
  for (const std::string& file : arguments.positionals()) options.files.emplace_back(file);
  if (!options.files.empty() && (arguments.has("--profile") || arguments.has("--seed")))
    return Error{Code::kInvalid, "--profile and --seed invent a card; leave them out when FILEs are given"};
  options.profile = arguments.get("--profile", "standard");
  SHOGO_TRY(options.seed, parse_number("--seed", arguments.get("--seed", "1")));
  options.holder_consents = arguments.has("--consent");
  if (arguments.has("--rf")) {
    SHOGO_TRY(const std::uint64_t rate, parse_number("--rf", arguments.get("--rf")));
    SHOGO_TRY(options.timing, sim::rf_timing(static_cast<int>(std::min<std::uint64_t>(rate, 9'999))));
  }
  options.command = arguments.rest();
  return options;
}

Result<Nanoseconds> today_of(const Arguments& arguments) {
  if (!arguments.has("--today")) {
    // Midnight, so that two calls of one day give the same card.
    const Nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
    return parse_jst(format_jst(now).substr(0, 10));
  }
  const std::string text = arguments.get("--today");
  const Nanoseconds day = parse_jst(text);
  if (text.size() != 10 || day.count() < 0)
    return Error{Code::kInvalid, fmt::format("--today must be a day like 2026-04-01, not \"{}\"", text)};
  return day;
}

struct Batch {
  std::string profile;
  std::uint64_t seed = 1, count = 1;
  Nanoseconds today{};
  std::filesystem::path out;
  bool is_folder = false;
};

Result<void> issue_one(const sim::CardIssuer& issuer, const Batch& batch, std::uint64_t index) {
  const std::uint64_t seed = batch.seed + index;
  SHOGO_TRY(const sim::CardOrder order, sim::order_for(batch.profile, seed, batch.today));
  SHOGO_TRY(const sim::PreparedCard card, issuer.prepare(order));
  const std::filesystem::path path =
      batch.is_folder ? batch.out / fmt::format("{:06}.card", seed) : batch.out;
  return write_text(path, sim::print_card_file(card, order));
}

/// On all cores; the first failure is told.
Result<void> issue_all(const sim::CardIssuer& issuer, const Batch& batch, Terminal& terminal) {
  ProgressLine progress(terminal, "cards");
  const std::thread::id drawer = std::this_thread::get_id();
  std::atomic<std::uint64_t> next{0}, ready{0};
  std::mutex mutex;
  Result<void> outcome;
  const auto work = [&] {
    for (std::uint64_t index = next++; index < batch.count; index = next++) {
      const auto done = issue_one(issuer, batch, index);
      ++ready;
      if (std::this_thread::get_id() == drawer)
        progress.bar(static_cast<std::size_t>(ready), static_cast<std::size_t>(batch.count), "");
      if (done.ok()) continue;
      const std::lock_guard lock(mutex);
      if (outcome.ok()) outcome = done;
      next = batch.count;
    }
  };
  std::vector<std::thread> workers;
  const std::uint64_t cores = std::max(1U, std::thread::hardware_concurrency());
  for (std::uint64_t i = 1; i < std::min(cores, batch.count); ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  return outcome;
}

Result<void> issue(const Arguments& arguments, Terminal& terminal) {
  Batch batch;
  batch.profile = arguments.get("--profile", "standard");
  SHOGO_TRY(batch.seed, parse_number("--seed", arguments.get("--seed", "1")));
  SHOGO_TRY(batch.count, parse_number("--count", arguments.get("--count", "1")));
  SHOGO_TRY(const std::uint64_t pki_seed, parse_number("--pki", arguments.get("--pki", "1")));
  SHOGO_TRY(batch.today, today_of(arguments));
  batch.out = arguments.get("--out");
  batch.is_folder = arguments.has("--count");
  if (batch.out.empty()) return Error{Code::kInvalid, "--out FILE is missing"};
  if (batch.count == 0) return Error{Code::kInvalid, "--count must be at least 1"};
  if (batch.is_folder) {
    std::error_code ec;
    std::filesystem::create_directories(batch.out, ec);
    if (ec)
      return Error{Code::kDenied, fmt::format("cannot create {}: {}", batch.out.string(), ec.message())};
  }
  SHOGO_TRY(const sim::TestPki pki, sim::TestPki::create(pki_seed));
  SHOGO_TRY(const sim::CardIssuer issuer, sim::CardIssuer::create(pki));
  SHOGO_CHECK_OK(issue_all(issuer, batch, terminal));
  terminal.out << fmt::format("{} card{} of profile {} in {}\n", batch.count, batch.count == 1 ? "" : "s",
                              batch.profile, batch.out.string());
  return {};
}

std::string text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_array()) {
    std::string list;
    for (const json::value& item : value.get_array()) list += (list.empty() ? "" : " or ") + text_of(item);
    return list;
  }
  return value.is_null() ? "-" : json::serialize(value);
}

void print_card(const json::value& card, std::ostream& out) {
  const auto row = [&](std::string_view name, const json::value& value) {
    out << fmt::format("{:<22}{}\n", name, text_of(value));
  };
  out << "A synthetic card: nobody has this name, number or key.\n";
  row("profile", card.at("profile"));
  row("", card.at("about"));
  row("ATR", card.at("atr"));
  const json::value& person = card.at("person");
  for (const char* key : {"name", "address", "birth_date", "sex"}) row(key, person.at(key));
  for (const char* key : {"expiry_date", "security_code"}) row(key, card.at(key));
  for (const json::value& application : card.at("applications").as_array()) {
    out << fmt::format("\n{}  {}\n", text_of(application.at("name")), text_of(application.at("aid")));
    for (const json::value& file : application.at("files").as_array()) {
      out << fmt::format("  {}  {:<34}{:>6} bytes  read: {}\n", text_of(file.at("id")),
                         text_of(file.at("content")), text_of(file.at("bytes")), text_of(file.at("read")));
      if (const json::value* certificate = file.as_object().if_contains("certificate"))
        out << fmt::format("        serial {}, {} to {}\n", text_of(certificate->at("serial")),
                           text_of(certificate->at("not_before")), text_of(certificate->at("not_after")));
    }
    for (const json::value& pin : application.at("pins").as_array())
      out << fmt::format("  {}  {:<34}{}  {} of {} tries left\n", text_of(pin.at("id")),
                         "PIN " + text_of(pin.at("secret")), text_of(pin.at("value")),
                         text_of(pin.at("tries_left")), text_of(pin.at("tries")));
    for (const json::value& key : application.at("keys").as_array())
      out << fmt::format("  {}  {:<34}use: {}\n", text_of(key.at("id")), "key " + text_of(key.at("key")),
                         text_of(key.at("use")));
  }
}

}  // namespace

int card_serve_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kServeHelp, words, 0, true, kMostCards);
  if (!arguments) return complain(terminal, kServeHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kServeHelp);
    return kExitOk;
  }
  auto options = serve_options(*arguments);
  if (!options) return complain(terminal, kServeHelp.name, options.error());
  options->system_pcscd = arguments->has("--system");
  return sim::serve_card(*options, terminal.out, terminal.err);
}

int card_trace_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kTraceHelp, words, 0, true, kMostCards);
  if (!arguments) return complain(terminal, kTraceHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kTraceHelp);
    return kExitOk;
  }
  auto options = serve_options(*arguments);
  if (!options) return complain(terminal, kTraceHelp.name, options.error());
  TraceWriter writer(terminal.err, arguments->has("--json"), options->files.size() > 1, terminal.live_err);
  options->on_apdu = [&writer](std::size_t card, const sim::ApduTrace& trace,
                               const sim::CardProfile& profile) { writer.write(card, trace, profile); };
  return sim::serve_card(*options, terminal.out, terminal.err);
}

int card_issue_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kIssueHelp, words, 0);
  if (!arguments) return complain(terminal, kIssueHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kIssueHelp);
    return kExitOk;
  }
  if (arguments->has("--list")) {
    for (const std::string& name : sim::builtin_card_profiles()) {
      const auto profile = sim::builtin_card_profile(name);
      if (!profile) return complain(terminal, kIssueHelp.name, profile.error());
      terminal.out << fmt::format("{:<28}{}\n", name, profile->about);
    }
    return kExitOk;
  }
  const auto done = issue(*arguments, terminal);
  return done.ok() ? kExitOk : complain(terminal, kIssueHelp.name, done.error());
}

int card_show_command(const Words& words, Terminal& terminal) {
  const auto arguments = Arguments::parse(kShowHelp, words, 1);
  if (!arguments) return complain(terminal, kShowHelp.name, arguments.error());
  if (arguments->has("--help")) {
    terminal.out << print_help(kShowHelp);
    return kExitOk;
  }
  const std::string& path = arguments->positional(0);
  const auto text = read_text(path);
  if (!text) return complain(terminal, kShowHelp.name, text.error());
  const auto card = sim::parse_card_file(*text, path);
  if (!card) return complain(terminal, kShowHelp.name, card.error());
  const json::value told = sim::describe_card(*card);
  if (arguments->has("--json")) {
    terminal.out << pretty_json(told);
  } else {
    print_card(told, terminal.out);
  }
  return kExitOk;
}

}  // namespace shogo::conformance
