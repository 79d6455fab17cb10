#include <map>
#include <utility>

#include <fmt/core.h>

#include <shogo/base/embedded.h>
#include <shogo/base/file.h>
#include <shogo/conformance/catalogue.h>

namespace shogo::embedded_shogo_catalogue {
std::span<const EmbeddedFile> files();
}

namespace shogo::conformance {

namespace {

/// Items per group of the document: 22 + 5 + 24 + 9 + 9 = 69.
constexpr int kItemsOfGroup[] = {22, 5, 24, 9, 9};
constexpr std::string_view kItemPrefix = "catalogue/";

}  // namespace

const std::vector<std::string>& document_order() {
  static const std::vector<std::string> order = [] {
    std::vector<std::string> ids;
    int group = 0;
    for (const int count : kItemsOfGroup) {
      ++group;
      for (int number = 1; number <= count; ++number) ids.push_back(fmt::format("{}-{}", group, number));
    }
    return ids;
  }();
  return order;
}

struct CatalogueLoader {
  /// Every file name must be one of the document's items: a stray or misspelt file is a requirement that
  /// nobody would judge.
  static Result<Catalogue> load(const std::map<std::string, std::string>& texts, std::string_view source_text,
                                const std::string& where) {
    Catalogue catalogue;
    SHOGO_TRY(catalogue.source_, read_source(source_text, where + "source.json"));

    std::string all;
    for (const std::string& id : document_order()) {
      const std::string leaf = id + ".json";
      const auto found = texts.find(leaf);
      if (found == texts.end())
        return Error{Code::kNotFound,
                     fmt::format("{}{}: item {} is missing from the catalogue", where, leaf, id)};
      const std::string& text = found->second;
      const std::string place = where + leaf;
      if (text.find('\r') != std::string::npos || !text.ends_with('\n'))
        return Error{Code::kInvalid, fmt::format("{}: lines must end with LF, the last one too", place)};
      SHOGO_TRY(const json::value value, parse_json(text, place));
      SHOGO_TRY(const JsonObject object, JsonObject::of(value, place));
      SHOGO_TRY(Item item, read_item(object));
      if (item.id != id)
        return Error{Code::kInvalid,
                     fmt::format("{}: \"id\" must be \"{}\", got \"{}\"", place, id, item.id)};
      catalogue.items_.push_back(std::move(item));
      all += text;
    }
    if (texts.size() != document_order().size()) {
      for (const auto& [leaf, text] : texts) {
        if (!leaf.ends_with(".json") || catalogue.item(leaf.substr(0, leaf.size() - 5)) == nullptr)
          return Error{Code::kInvalid, fmt::format("{}{}: not an item of the document", where, leaf)};
      }
    }
    catalogue.sha256_ = sha256_hex(as_bytes(all));
    return catalogue;
  }

  static Result<CatalogueSource> read_source(std::string_view text, const std::string& where) {
    SHOGO_TRY(const json::value value, parse_json(text, where));
    SHOGO_TRY(const JsonObject object, JsonObject::of(value, where));
    SHOGO_CHECK_OK(object.only({"title_ja", "title_en", "publisher_ja", "publisher_en", "version", "date",
                                "sha256", "sha256_of", "revisions"}));
    CatalogueSource source;
    SHOGO_TRY(source.title.ja, object.string("title_ja"));
    SHOGO_TRY(source.title.en, object.string("title_en"));
    SHOGO_TRY(source.publisher.ja, object.string("publisher_ja"));
    SHOGO_TRY(source.publisher.en, object.string("publisher_en"));
    SHOGO_TRY(source.version, object.string("version"));
    SHOGO_TRY(source.date, object.string("date"));
    SHOGO_TRY(source.sha256, object.string("sha256"));
    return source;
  }
};

const Item* Catalogue::item(std::string_view id) const {
  for (const Item& each : items_) {
    if (each.id == id) return &each;
  }
  return nullptr;
}

const Clause* Catalogue::clause(std::string_view id) const {
  for (const Item& each : items_) {
    for (const Clause& clause : each.clauses) {
      if (clause.id == id) return &clause;
    }
  }
  return nullptr;
}

std::size_t Catalogue::clause_count() const {
  std::size_t count = 0;
  for (const Item& each : items_) count += each.clauses.size();
  return count;
}

Result<double> Catalogue::number(std::string_view clause_id, std::string_view name) const {
  const Clause* found = clause(clause_id);
  if (found == nullptr)
    return Error{Code::kNotFound, fmt::format("the catalogue has no clause {}", clause_id)};
  const Number* its_number = found->number(name);
  if (its_number == nullptr)
    return Error{Code::kNotFound, fmt::format("clause {} has no number \"{}\"", clause_id, name)};
  return its_number->value;
}

Result<Catalogue> load_catalogue() {
  std::map<std::string, std::string> texts;
  std::string source;
  for (const EmbeddedFile& file : embedded_shogo_catalogue::files()) {
    const std::string leaf(std::string_view(file.name).substr(kItemPrefix.size()));
    if (leaf == "source.json")
      source = file.text();
    else
      texts.emplace(leaf, file.text());
  }
  return CatalogueLoader::load(texts, source, "built-in catalogue: ");
}

Result<Catalogue> load_catalogue(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  SHOGO_TRY(const std::string source, read_text(folder / "source.json"));
  std::error_code ec;
  std::map<std::string, std::string> texts;
  fs::directory_iterator entries(folder / "items", ec);
  for (; !ec && entries != fs::directory_iterator(); entries.increment(ec)) {
    SHOGO_TRY(std::string text, read_text(entries->path()));
    texts.emplace(entries->path().filename().string(), std::move(text));
  }
  if (ec)
    return Error{Code::kNotFound,
                 fmt::format("cannot list {}: {}", (folder / "items").string(), ec.message())};
  return CatalogueLoader::load(texts, source, (folder / "items").string() + "/");
}

}  // namespace shogo::conformance
