#include "arguments.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace shogo::conformance {
namespace {

/// Levenshtein distance: how many letters must be changed, added or dropped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

const Option* find_option(const CommandHelp& help, std::string_view name) {
  for (const Option& option : help.options)
    if (option.name == name) return &option;
  return nullptr;
}

Error wrong_usage(const CommandHelp& help, std::string_view what) {
  return Error{Code::kInvalid,
               fmt::format("{}{} shogo {} --help", what, what.ends_with('?') ? " See" : "; see", help.name)};
}

Error unknown_option(const CommandHelp& help, std::string_view name) {
  std::vector<std::string> candidates{"--help"};
  for (const Option& option : help.options) candidates.emplace_back(option.name);
  const std::string meant = nearest(name, candidates);
  return wrong_usage(help, fmt::format("unknown option {}{}", name,
                                       meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t away = distance(word, candidate);
    if (away >= least) continue;
    least = away;
    best = candidate;
  }
  return best;
}

Result<Arguments> Arguments::parse(const CommandHelp& help, const std::vector<std::string>& words,
                                   std::size_t positionals, bool takes_rest, std::size_t more) {
  Arguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word = words[i];
    if (word == "--" && takes_rest) {
      arguments.rest_.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word == "-h") word = "--help";
    if (word == "-v") word = "--verbose";
    if (word.size() < 2 || word.front() != '-') {
      if (arguments.positionals_.size() == positionals + more)
        return wrong_usage(help, fmt::format("unexpected argument \"{}\"", word));
      arguments.positionals_.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (name == "--help") {
      arguments.values_["--help"].emplace_back();
      return arguments;
    }
    const Option* option = find_option(help, name);
    if (option == nullptr) return unknown_option(help, name);
    if (option->value.empty()) {
      if (equals != std::string::npos) return wrong_usage(help, name + " takes no value");
      arguments.values_[name].emplace_back();
      continue;
    }
    if (equals != std::string::npos) {
      arguments.values_[name].push_back(word.substr(equals + 1));
    } else {
      if (i + 1 == words.size())
        return wrong_usage(help, fmt::format("{} needs a value ({})", name, option->value));
      arguments.values_[name].push_back(words[++i]);
    }
    if (arguments.values_[name].back().empty())
      return wrong_usage(help, name + " needs a value that is not empty");
  }
  if (arguments.positionals_.size() < positionals)
    return wrong_usage(help, fmt::format("something is missing: shogo {} {}", help.name, help.usage));
  return arguments;
}

bool Arguments::has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

std::string Arguments::get(std::string_view name, std::string_view otherwise) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string(otherwise) : found->second.back();
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  std::vector<std::string> parts;
  const auto found = values_.find(name);
  if (found == values_.end()) return parts;
  for (const std::string& value : found->second) {
    std::size_t begin = 0;
    while (begin <= value.size()) {
      const std::size_t end = std::min(value.find(',', begin), value.size());
      if (end > begin) parts.push_back(value.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return parts;
}

std::string print_help(const CommandHelp& help) {
  std::string text = fmt::format("shogo {} {}\n\n{}\n", help.name, help.usage, help.about);
  if (!help.options.empty()) text += "\nOptions\n";
  for (const Option& option : help.options) {
    const std::string left =
        option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value);
    text += fmt::format("  {:<24}{}\n", left, option.help);
  }
  if (!help.examples.empty()) text += fmt::format("\nExamples\n{}\n", help.examples);
  if (!help.exits.empty()) text += fmt::format("\nExit codes\n{}\n", help.exits);
  return text;
}

Result<std::uint64_t> parse_number(std::string_view option, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (problem != std::errc() || end != text.data() + text.size() || value > kMost)
    return Error{Code::kInvalid,
                 fmt::format("{} must be a whole number from 0 on, not \"{}\"", option, text)};
  return value;
}

}  // namespace shogo::conformance
