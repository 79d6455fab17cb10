#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <shogo/layouts/image_pairs.h>

namespace shogo::layouts {
namespace {

constexpr std::array<std::string_view, 4> kEndings{".jpg", ".jpeg", ".png", ".bmp"};

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// Numbers people and images as they come.
class Collector {
 public:
  explicit Collector(std::string_view name) : name_(name) {}
  void at(std::size_t line) { line_ = line; }
  [[nodiscard]] Error wrong(std::string what) const {
    return Error{Code::kInvalid, fmt::format("{}:{}: {}", name_, line_, what)};
  }

  Result<std::uint32_t> image(const std::string& path, const std::string& subject) {
    const std::filesystem::path given(path);
    if (given.is_absolute() || std::find(given.begin(), given.end(), "..") != given.end())
      return wrong(fmt::format("\"{}\" does not lie below the folder of images", path));
    if (path.empty() || subject.empty()) return wrong("an image or its person is missing");
    const auto [person, new_person] =
        people_.emplace(subject, static_cast<std::uint32_t>(found_.subjects.size()));
    if (new_person) found_.subjects.push_back(subject);
    const auto [at, is_new] = images_.emplace(path, static_cast<std::uint32_t>(found_.images.size()));
    if (is_new) {
      found_.images.push_back(path);
      found_.subject.push_back(person->second);
    } else if (found_.subject[at->second] != person->second) {
      return wrong(fmt::format("image \"{}\" is of \"{}\" here and of \"{}\" before", path, subject,
                               found_.subjects[found_.subject[at->second]]));
    }
    return at->second;
  }

  Result<void> pair(std::uint32_t reference, std::uint32_t probe) {
    if (reference == probe) return wrong("an image is compared with itself");
    if (!seen_.emplace(reference, probe).second) return wrong("this pair stands in a line before");
    found_.pairs.push_back({reference, probe});
    return {};
  }

  ImagePairs pictures() { return std::move(found_); }
  Result<ImagePairs> finish() {
    if (found_.pairs.empty()) return Error{Code::kInvalid, fmt::format("{}: there is no pair in it", name_)};
    return std::move(found_);
  }

 private:
  std::string name_;
  std::size_t line_ = 0;
  ImagePairs found_;
  std::map<std::string, std::uint32_t> people_, images_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::vector<std::string> split(std::string_view line, std::string_view at) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t end = line.find_first_of(at);
    fields.emplace_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::optional<unsigned> whole(std::string_view text) {
  unsigned value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<ImagePairs> parse_lfw(std::string_view text, std::string_view name) {
  Collector collector(name);
  take_line(text);
  for (std::size_t line = 2; !text.empty(); ++line) {
    const std::string_view row = take_line(text);
    if (row.find_first_not_of(" \t") == std::string_view::npos) continue;
    collector.at(line);
    const std::vector<std::string> words = split(row, "\t ");
    const bool genuine = words.size() == 3;
    if (!genuine && words.size() != 4) return collector.wrong("expected \"name i j\" or \"name i other j\"");
    const std::string &first = words[0], &second = genuine ? words[0] : words[2];
    const auto i = whole(words[1]), j = whole(words.back());
    if (!i || !j) return collector.wrong("the number of a picture is not a whole number");
    SHOGO_TRY(const std::uint32_t a, collector.image(fmt::format("{0}/{0}_{1:04}", first, *i), first));
    SHOGO_TRY(const std::uint32_t b, collector.image(fmt::format("{0}/{0}_{1:04}", second, *j), second));
    SHOGO_CHECK_OK(collector.pair(a, b));
  }
  return collector.finish();
}

Result<ImagePairs> parse_csv(std::string_view text, std::string_view name) {
  Collector collector(name);
  collector.at(1);
  const std::vector<std::string> header = split(take_line(text), ",");
  const auto column = [&](std::string_view wanted) -> std::optional<std::size_t> {
    const auto found = std::find(header.begin(), header.end(), wanted);
    if (found == header.end()) return std::nullopt;
    return static_cast<std::size_t>(found - header.begin());
  };
  const auto reference = column("reference"), probe = column("probe");
  const auto reference_subject = column("reference_subject"), probe_subject = column("probe_subject");
  if (!reference || !probe) return collector.wrong("expected a header with reference and probe");
  if (reference_subject.has_value() != probe_subject.has_value())
    return collector.wrong("reference_subject and probe_subject come together or not at all");
  for (std::size_t line = 2; !text.empty(); ++line) {
    const std::string_view row = take_line(text);
    if (row.empty()) continue;
    collector.at(line);
    if (row.find('"') != std::string_view::npos) return collector.wrong("quotes are not understood");
    const std::vector<std::string> fields = split(row, ",");
    if (fields.size() != header.size())
      return collector.wrong(fmt::format("{} fields where the header has {}", fields.size(), header.size()));
    const auto person = [&](std::size_t image, const std::optional<std::size_t>& subject) {
      return subject ? fields[*subject] : fields[image].substr(0, fields[image].find('/'));
    };
    for (const std::size_t image : {*reference, *probe})
      if (!reference_subject && fields[image].find('/') == std::string::npos)
        return collector.wrong(
            "a path without a folder does not say whose picture it is; give reference_subject and "
            "probe_subject");
    SHOGO_TRY(const std::uint32_t a,
              collector.image(fields[*reference], person(*reference, reference_subject)));
    SHOGO_TRY(const std::uint32_t b, collector.image(fields[*probe], person(*probe, probe_subject)));
    SHOGO_CHECK_OK(collector.pair(a, b));
  }
  return collector.finish();
}

}  // namespace

Result<ImagePairs> parse_pairs(std::string_view text, std::string_view name) {
  std::string_view rest = text;
  const std::string_view first = take_line(rest);
  if (first.find(',') != std::string_view::npos) return parse_csv(text, name);
  const std::vector<std::string> words = split(first, "\t ");
  if (words.size() <= 2 &&
      std::all_of(words.begin(), words.end(), [](const auto& w) { return whole(w).has_value(); }))
    return parse_lfw(text, name);
  return Error{Code::kInvalid,
               fmt::format("{}:1: neither an LFW pairs file (first line: one or two numbers) nor CSV "
                           "with a header (reference,probe)",
                           name)};
}

Result<ImagePairs> pictures_of(const std::filesystem::path& folder) {
  std::error_code ec;
  std::map<std::string, std::string> people;  // by path, so in order
  for (auto at = std::filesystem::recursive_directory_iterator(folder, ec);
       !ec && at != std::filesystem::recursive_directory_iterator(); at.increment(ec)) {
    if (!at->is_regular_file(ec)) continue;
    const std::string ending = lower(at->path().extension().string());
    if (std::find(kEndings.begin(), kEndings.end(), ending) == kEndings.end()) continue;
    const std::filesystem::path path = at->path().lexically_relative(folder);
    if (path.has_parent_path()) people.emplace(path.generic_string(), path.begin()->string());
  }
  if (ec) return Error{Code::kNotFound, fmt::format("{}: {}", folder.string(), ec.message())};
  if (people.size() < 2)
    return Error{
        Code::kInvalid,
        fmt::format("{}: expected one folder a person with pictures (.jpg, .png, .bmp) in it; {} found",
                    folder.string(), people.size())};
  Collector collector(folder.string());
  for (const auto& [path, person] : people) SHOGO_CHECK_OK(collector.image(path, person));
  return collector.pictures();
}

Result<ImagePairs> all_pairs_of(const std::filesystem::path& folder) {
  SHOGO_TRY(ImagePairs all, pictures_of(folder));
  for (std::uint32_t number = 1; number < all.images.size(); ++number)
    for (std::uint32_t other = 0; other < number; ++other) all.pairs.push_back({other, number});
  return all;
}

Result<std::filesystem::path> find_image(const std::filesystem::path& folder, const std::string& image) {
  std::error_code ec;
  if (const auto as_named = folder / image; std::filesystem::is_regular_file(as_named, ec)) return as_named;
  for (const std::string_view ending : kEndings)
    if (const auto path = folder / (image + std::string(ending)); std::filesystem::is_regular_file(path, ec))
      return path;
  return Error{Code::kNotFound,
               fmt::format("{}: there is no image {} (nor with .jpg, .png or .bmp)", folder.string(), image)};
}

}  // namespace shogo::layouts
