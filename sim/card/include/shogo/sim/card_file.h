// A card in a file ("shogo-card/1", JSON): what was issued, sealed by a checksum, and what the card remembers
// (counters, changed PINs), which is written anew at every change. Synthetic cards only: the file holds PINs
// and private keys in the clear.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <boost/json/value.hpp>

#include <shogo/sim/card_issuer.h>

namespace shogo::sim {

struct StoredCard {
  boost::json::value issued;  ///< the sealed part: person, profile, files, secrets, keys
  CardProfile profile;
  CardContents contents;
  std::vector<PinMemory> memory;
};

/// The text of a card file for a card as issued.
[[nodiscard]] std::string print_card_file(const PreparedCard& card, const CardOrder& order);

/// Errors name `where` and what is wrong: not JSON, another schema, a broken seal, contents that the profile
/// does not fit.
[[nodiscard]] Result<StoredCard> parse_card_file(std::string_view text, std::string_view where);

/// A running card whose memory lives in its file. One program at a time may have a file open.
class FiledCard {
 public:
  /// Fails with kConflict while another program has it open.
  static Result<std::unique_ptr<FiledCard>> open(const std::filesystem::path& path);
  ~FiledCard();
  FiledCard(const FiledCard&) = delete;
  FiledCard& operator=(const FiledCard&) = delete;

  [[nodiscard]] VirtualCard& card() { return *card_; }
  [[nodiscard]] const boost::json::value& issued() const { return issued_; }
  /// Writes the memory now; also called by the card itself.
  Result<void> save();

 private:
  FiledCard() = default;
  std::filesystem::path path_;
  int lock_ = -1;
  boost::json::value issued_;
  std::unique_ptr<VirtualCard> card_;
};

/// What `shogo card show` tells: person, PINs with their counters, certificates, applications with file sizes
/// and rules. Everything in it is synthetic, so nothing is masked.
[[nodiscard]] boost::json::value describe_card(const StoredCard& card);

}  // namespace shogo::sim
