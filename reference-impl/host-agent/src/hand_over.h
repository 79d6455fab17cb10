// What the clinic's other programs get of a session: a file in the folder that they watch. Element names are
// the public ones of オンライン資格確認等連携ソフト (docs/reader.md); which of them a real file holds and in
// what order is not public, so the file as a whole is *synthetic*. It carries consents and the receipt number
// and no personal data: the eligibility itself reaches those programs by the fund's own way.
#pragma once

#include "papers.h"
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::agent {

/// Question of the reader ("operations") and its answer: agree, disagree, electronic, paper, none.
using Answers = std::map<std::string, std::string, std::less<>>;

/// The text of the file. Only an explicit "agree" becomes flag 1; "none" (time out, card taken) and every
/// word that we do not know become 0. Questions that we do not know are left out. `chosen`: the papers that
/// go with a yes; with any other answer none do.
[[nodiscard]] std::string hand_over_text(std::string_view reference, const Answers& answers,
                                         const PaperIds& chosen, Nanoseconds wall);

class ResultFolder {
 public:
  /// An empty `folder` keeps nothing: a desk without other programs.
  ResultFolder(std::string folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}
  /// Whole or not at all: a program that watches the folder never reads half a file.
  [[nodiscard]] Result<void> keep(std::int64_t session, std::string_view reference, const Answers& answers,
                                  const PaperIds& chosen) const;

 private:
  std::string folder_;
  const Clock& clock_;
};

}  // namespace shogo::agent
