#include "text_formats.h"

#include "builder.h"
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace shogo::scores {
namespace {

Error wrong(const Builder::Place& place, std::string what) {
  return Error{Code::kInvalid, fmt::format("{}:{}: {}", place.name, place.line, what)};
}

/// Calls `row` for every line that is not empty and not a comment.
template <typename Row>
Result<void> each_line(std::string_view text, std::string_view name, const Row& row) {
  Builder::Place place{name, 0};
  while (!text.empty()) {
    ++place.line;
    const bool ended = text.find('\n') != std::string_view::npos;
    const std::string_view line = take_line(text);
    if (line.empty() || line.front() == '#') continue;
    if (auto done = row(line, place); !done) {
      if (ended) return done.error();
      return Error{done.error().code(),
                   done.error().message() + " (the last line has no line end: is the file truncated?)"};
    }
  }
  return {};
}

/// Names of FRVT templates begin with the subject: "S012_01.ppm" and "S012-probe" are of S012.
std::string_view subject_of_template(std::string_view name) {
  return name.substr(0, name.find_first_of("_-."));
}

struct CsvColumns {
  std::optional<std::size_t> score, genuine, claimed, probe, reference_sample, probe_sample, status;
};

std::optional<std::size_t> find_column(const std::vector<std::string_view>& header,
                                       std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (const auto at = std::find(header.begin(), header.end(), name); at != header.end())
      return static_cast<std::size_t>(at - header.begin());
  return std::nullopt;
}

Result<CsvColumns> csv_columns(const std::vector<std::string_view>& header, const Builder::Place& place) {
  CsvColumns columns;
  columns.score = find_column(header, {"score", "similarity", "simScore", "distance"});
  columns.genuine = find_column(header, {"genuine", "label", "mated", "type"});
  columns.claimed = find_column(header, {"claimed", "claimed_id", "reference_subject", "bio_ref_subject_id"});
  columns.probe = find_column(header, {"probe", "real_id", "probe_subject", "probe_subject_id"});
  columns.reference_sample = find_column(header, {"reference_sample", "bio_ref_reference_id", "model"});
  columns.probe_sample = find_column(header, {"probe_sample", "probe_key", "probe_reference_id"});
  columns.status = find_column(header, {"status", "returnCode"});
  if (!columns.score) return wrong(place, "the header has no column \"score\"");
  if (columns.claimed.has_value() != columns.probe.has_value())
    return wrong(place, "the header names one of the two subjects only; claimed and probe belong together");
  if (!columns.genuine && !columns.claimed)
    return wrong(
        place,
        "the header says neither who was compared (claimed, probe) nor what is genuine (genuine, label)");
  return columns;
}

std::optional<bool> genuine_from(std::string_view text) {
  for (const std::string_view word : {"1", "genuine", "mated", "true", "True"})
    if (text == word) return true;
  for (const std::string_view word : {"0", "-1", "impostor", "imposter", "nonmated", "false", "False"})
    if (text == word) return false;
  return std::nullopt;
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t", at)) != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0;;) {
    const std::size_t end = line.find(',', at);
    std::string_view field = line.substr(at, end == std::string_view::npos ? end : end - at);
    while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
    while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
    fields.push_back(field);
    if (end == std::string_view::npos) return fields;
    at = end + 1;
  }
}

Result<ScoreSet> parse_bob(std::string_view text, std::string_view name, std::size_t columns) {
  Builder builder;
  const Result<void> read =
      each_line(text, name, [&](std::string_view line, const Builder::Place& place) -> Result<void> {
        const auto words = words_of(line);
        if (words.size() != columns)
          return wrong(place, fmt::format("expected {} columns, found {}", columns, words.size()));
        const std::string_view real = words[columns - 3], label = words[columns - 2];
        SHOGO_TRY(const float score, builder.score(words[columns - 1], place));
        SHOGO_CHECK_OK(builder.samples(
            columns == 5 ? fmt::format("{} {}", words[0], words[1]) : std::string(words[0]), label, place));
        builder.add(words[0], real, score);
        return {};
      });
  if (!read) return read.error();
  return builder.finish(name, columns == 4 ? "bob4" : "bob5");
}

Result<ScoreSet> parse_frvt(std::string_view text, std::string_view name) {
  Builder builder;
  bool header = true;
  const Result<void> read =
      each_line(text, name, [&](std::string_view line, const Builder::Place& place) -> Result<void> {
        const auto words = words_of(line);
        if (header) {
          header = false;
          if (!words.empty() && words[0] == "enrollTempl") return {};
        }
        if (words.size() != 4)
          return wrong(place,
                       fmt::format("expected enrollTempl verifTempl simScore returnCode, found {} columns",
                                   words.size()));
        SHOGO_CHECK_OK(builder.samples(words[0], words[1], place));
        const std::string_view claimed = subject_of_template(words[0]), probe = subject_of_template(words[1]);
        if (claimed.empty() || probe.empty())
          return wrong(place, "a template's name does not begin with a subject");
        if (words[3] != "0") {  // the matcher said that it failed: its score means nothing
          builder.add_failure(claimed == probe);
          return {};
        }
        SHOGO_TRY(const float score, builder.score(words[2], place));
        builder.add(claimed, probe, score);
        return {};
      });
  if (!read) return read.error();
  SHOGO_TRY(ScoreSet set, builder.finish(name, "frvt"));
  set.notes.emplace_back("subject = template name up to the first of _ - .");
  return set;
}

Result<ScoreSet> parse_csv(std::string_view text, std::string_view name) {
  Builder builder;
  std::optional<CsvColumns> columns;
  std::size_t width = 0;
  const Result<void> read =
      each_line(text, name, [&](std::string_view line, const Builder::Place& place) -> Result<void> {
        if (line.find('"') != std::string_view::npos)
          return wrong(place, "quoted fields are not read; write the file without quotes");
        const auto fields = fields_of(line);
        if (!columns) {
          SHOGO_TRY(columns, csv_columns(fields, place));
          width = fields.size();
          return {};
        }
        if (fields.size() != width)
          return wrong(place,
                       fmt::format("expected {} fields as in the header, found {}", width, fields.size()));
        std::optional<bool> genuine;
        if (columns->genuine) {
          genuine = genuine_from(fields[*columns->genuine]);
          if (!genuine)
            return wrong(place, fmt::format("expected genuine or impostor (1 or 0), found \"{:.40}\"",
                                            fields[*columns->genuine]));
        }
        if (columns->claimed) {
          const bool same = fields[*columns->claimed] == fields[*columns->probe];
          if (fields[*columns->claimed].empty() || fields[*columns->probe].empty())
            return wrong(place, "a subject is empty");
          if (genuine && *genuine != same)
            return wrong(place, "the label and the two subjects contradict each other");
          genuine = same;
        }
        if (columns->reference_sample && columns->probe_sample)
          SHOGO_CHECK_OK(
              builder.samples(fields[*columns->reference_sample], fields[*columns->probe_sample], place));
        if (columns->status && fields[*columns->status] != "0" && fields[*columns->status] != "ok") {
          builder.add_failure(*genuine);
          return {};
        }
        SHOGO_TRY(const float score, builder.score(fields[*columns->score], place));
        if (columns->claimed)
          builder.add(fields[*columns->claimed], fields[*columns->probe], score);
        else
          builder.add(*genuine, score);
        return {};
      });
  if (!read) return read.error();
  return builder.finish(name, "csv");
}

Result<std::vector<float>> parse_list(std::string_view text, std::string_view name) {
  const Builder builder;
  std::vector<float> scores;
  const Result<void> read =
      each_line(text, name, [&](std::string_view line, const Builder::Place& place) -> Result<void> {
        const auto words = words_of(line);
        if (words.size() != 1)
          return wrong(place, fmt::format("expected one score a line, found {} words", words.size()));
        SHOGO_TRY(const float score, builder.score(words[0], place));
        scores.push_back(score);
        return {};
      });
  if (!read) return read.error();
  if (scores.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no score in it", name)};
  return scores;
}

}  // namespace shogo::scores
