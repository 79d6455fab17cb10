// Arguments of one command: declared in a table, parsed strictly, explained by --help from the same table.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::conformance {

struct Option {
  std::string_view name;   ///< "--seed"
  std::string_view value;  ///< "N"; empty: a switch
  std::string_view help;
};

struct CommandHelp {
  std::string_view name;   ///< "run", "card serve"
  std::string_view usage;  ///< what follows "shogo NAME"
  std::string_view about;
  std::vector<Option> options;
  std::string_view examples;  ///< lines
  std::string_view exits;     ///< lines: what each exit code means
};

class Arguments {
 public:
  /// `positionals`: how many words without a dash are needed, all of them named in `usage`. After "--"
  /// everything goes to rest() when `takes_rest`. "-h" is "--help", "-v" is "--verbose". `more`: how many
  /// further words without a dash may follow.
  [[nodiscard]] static Result<Arguments> parse(const CommandHelp& help, const std::vector<std::string>& words,
                                               std::size_t positionals, bool takes_rest = false,
                                               std::size_t more = 0);

  [[nodiscard]] bool has(std::string_view name) const;
  /// The last value given, or `otherwise`.
  [[nodiscard]] std::string get(std::string_view name, std::string_view otherwise = "") const;
  /// All values given, split at commas.
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
  [[nodiscard]] const std::string& positional(std::size_t index) const { return positionals_.at(index); }
  [[nodiscard]] const std::vector<std::string>& positionals() const { return positionals_; }
  [[nodiscard]] const std::vector<std::string>& rest() const { return rest_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positionals_, rest_;
};

[[nodiscard]] std::string print_help(const CommandHelp& help);

/// The candidate that `word` most likely meant, or empty.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// A whole number in [0, 2^63), or an error that names the option.
[[nodiscard]] Result<std::uint64_t> parse_number(std::string_view option, const std::string& text);

}  // namespace shogo::conformance
