// Catalogue: the 69 requirement items, split into testable clauses. It is data (conformance/catalogue/items,
// one file an item); this loads it, refuses what is malformed, and answers questions. Judges take every limit
// from here, never from code. Immutable after loading: any thread may read.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/base/result.h>
#include <shogo/conformance/clause.h>

namespace shogo::conformance {

/// The document that the items were written from.
struct CatalogueSource {
  Bilingual title, publisher;
  std::string version, date, sha256;
};

class Catalogue {
 public:
  /// In document order: 1-1 … 1-22, 2-1 … 5-9.
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  [[nodiscard]] const CatalogueSource& source() const { return source_; }
  /// Null when there is none.
  [[nodiscard]] const Item* item(std::string_view id) const;
  [[nodiscard]] const Clause* clause(std::string_view id) const;
  [[nodiscard]] std::size_t clause_count() const;
  /// The value of a clause's number; the error names both when there is none.
  [[nodiscard]] Result<double> number(std::string_view clause, std::string_view name) const;
  /// SHA-256 over the item files' bytes, one after the other in document order: what
  /// `cat items/1-1.json items/1-2.json … items/5-9.json | sha256sum` prints. The loader refuses CR and a
  /// missing last newline, so that one text has one hash on every system.
  [[nodiscard]] const std::string& sha256() const { return sha256_; }

 private:
  friend struct CatalogueLoader;
  std::vector<Item> items_;
  CatalogueSource source_;
  std::string sha256_;
};

/// The catalogue that is built into the program.
[[nodiscard]] Result<Catalogue> load_catalogue();
/// Another one, from a folder with source.json and items/ID.json (`--catalogue DIR`).
[[nodiscard]] Result<Catalogue> load_catalogue(const std::filesystem::path& folder);

/// The ids of the document's 69 items, in its order.
[[nodiscard]] const std::vector<std::string>& document_order();

}  // namespace shogo::conformance
