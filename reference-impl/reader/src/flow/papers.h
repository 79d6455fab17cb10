// What this patient may choose from on the pages for subsidies, prescriptions and referral letters, and what
// has been chosen. One alone is what the page asks about: it needs no choosing. Of several none is chosen
// until the patient does: no consent comes about without an act (1-9.b). Pure: no screen, no voice.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace shogo::reader {

struct Paper {
  std::string id;    ///< the eligibility system's name for it
  std::string name;  ///< what the page shows; never said (1-13.j)
  bool chosen = false;
  bool operator==(const Paper&) const = default;
};

class Papers {
 public:
  /// Of one question; more are left out.
  static constexpr std::size_t kMost = 8;
  /// Of one name, in bytes; a longer one is cut at a character's edge.
  static constexpr std::size_t kLongestName = 255;

  /// "papers" of the host agent's result: [{kind, id, name}], where kind is the question's name. What is no
  /// such entry is left out; nothing at all is an answer, too.
  void take(const boost::json::value* told);
  /// Empty for a question that has none.
  [[nodiscard]] const std::vector<Paper>& of(std::string_view question) const;
  /// Chooses it, or no longer. False: there is none, or it is alone and stays chosen.
  bool turn(std::string_view question, std::size_t index);
  /// {question: [id, …]} of what is chosen.
  [[nodiscard]] boost::json::object chosen() const;
  void clear() { by_question_.clear(); }

 private:
  std::map<std::string, std::vector<Paper>, std::less<>> by_question_;
};

/// Whether what the page asks for can be given: nothing to choose from, or something is chosen.
[[nodiscard]] bool may_agree(const std::vector<Paper>& papers);

}  // namespace shogo::reader
