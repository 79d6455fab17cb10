// Collections: folders of pictures of synthetic people, made from a few numbers and checked against them. A
// folder holds
//   plan.json             what was asked for; written first
//   people/000012.json    one person's pictures, truth and hashes; written when their pictures are there
//   images/000012/…       chip.jp2, and probes as JPEG
//   maps/000012/…         when asked for: NAME.labels.png, NAME.depth.png
//   manifest.json         everything; written last, so a folder without it is unfinished
// An interrupted run goes on where it stopped. Pixel hashes are of the pixels before a codec, so they are the
// same on every machine; the files' bytes depend on the codec's version and have a hash of their own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include <shogo/collection/protocol.h>

namespace shogo::collection {

struct Order {
  std::string protocol = "ideal", population = "clinic";
  std::uint64_t seed = 1;
  std::uint64_t people = 50;
  std::size_t chip_bytes = 4096;
  /// People whose faces lie closer than this to somebody before them are left out and counted (likeness.h).
  float apart_mm = 0.9F;
  /// Every second person is the identical twin of the one before (people::twin_of): look-alikes on purpose.
  bool twins = false;
  /// Also what each pixel shows and how far away it is (camera/maps.h), as two PNG files a picture.
  bool maps = false;
};

struct Progress {
  std::size_t done = 0, of = 0;  ///< people
};

/// Makes what is missing. `keep_going` is asked after every person; false stops with kCancelled, and a later
/// call goes on. A folder that holds another order is kConflict. Thread-safe callbacks are not needed: they
/// come one at a time.
[[nodiscard]] Result<void> generate(const std::filesystem::path& folder, const Order& order, int threads,
                                    const std::function<bool(const Progress&)>& keep_going);

struct Findings {
  std::size_t images = 0, redrawn = 0;
  std::vector<std::string> wrong;  ///< one line each: missing, changed, drawn differently
};
/// Holds every file against its hash, and redraws `redraw` people to hold their pixels against theirs.
[[nodiscard]] Result<Findings> verify(const std::filesystem::path& folder, std::size_t redraw);

/// The manifest of a finished folder.
[[nodiscard]] Result<boost::json::value> read_manifest(const std::filesystem::path& folder);

}  // namespace shogo::collection
