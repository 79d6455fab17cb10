// What a patient is asked after identification and what was answered. Which questions there are, in what
// order and for whom, is data (pin_journey.json, "questions"); this is their bookkeeping. Pure: no time, no
// screen.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace shogo::reader {

struct Question {
  std::string name;     ///< "operations"
  bool notice = false;  ///< tells something and asks nothing: no part of the result
  /// Facts that must all hold: about the person ("records", "over_40", "notice_soon") or from the clinic's
  /// settings ("ask_high_cost").
  std::vector<std::string> needs;
  std::string after;                ///< another question that must have been answered "agree"; empty: none
  std::vector<std::string> covers;  ///< questions that "agree" to this one answers as well (the bundle)
};

/// Words an answer can have. "seen" answers a notice, "one_by_one" a bundle: neither says anything about
/// consent.
inline constexpr std::string_view kAnswers[] = {"agree", "disagree", "electronic",
                                                "paper", "seen",     "one_by_one"};

class Answers {
 public:
  using Facts = std::set<std::string, std::less<>>;

  Answers() = default;
  explicit Answers(const std::vector<Question>& questions) : questions_(&questions) {}

  /// Whether this question applies and has no answer yet.
  [[nodiscard]] bool due(std::string_view question, const Facts& facts) const;
  void give(const std::string& question, const std::string& answer);
  /// Takes the newest answer back, with all that it covered. False when there is none.
  bool take_back();
  [[nodiscard]] bool any() const { return !given_.empty(); }
  void clear() { given_.clear(); }
  /// Every question that applied, except bundles and notices: its answer, or "none" without one. No answer is
  /// never an agreement.
  [[nodiscard]] std::map<std::string, std::string> result(const Facts& facts) const;

 private:
  struct Given {
    std::string question, answer;
  };
  [[nodiscard]] bool applies(const Question& question, const Facts& facts) const;
  /// Empty without an answer.
  [[nodiscard]] std::string answer_to(std::string_view question) const;
  [[nodiscard]] const Question* find(std::string_view name) const;

  const std::vector<Question>* questions_ = nullptr;
  std::vector<Given> given_;  ///< oldest first
};

}  // namespace shogo::reader
