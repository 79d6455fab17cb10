#include "flow/answers.h"

#include <algorithm>

namespace shogo::reader {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

const Question* Answers::find(std::string_view name) const {
  if (questions_ == nullptr) return nullptr;
  const auto found = std::find_if(questions_->begin(), questions_->end(),
                                  [&](const Question& question) { return question.name == name; });
  return found == questions_->end() ? nullptr : &*found;
}

std::string Answers::answer_to(std::string_view question) const {
  for (auto given = given_.rbegin(); given != given_.rend(); ++given) {
    if (given->question == question) return given->answer;
    const Question* whole = find(given->question);
    if (whole != nullptr && given->answer == "agree" && contains(whole->covers, question)) return "agree";
  }
  return {};
}

bool Answers::applies(const Question& question, const Facts& facts) const {
  const bool needed = std::all_of(question.needs.begin(), question.needs.end(),
                                  [&](const std::string& need) { return facts.count(need) != 0; });
  return needed && (question.after.empty() || answer_to(question.after) == "agree");
}

bool Answers::due(std::string_view name, const Facts& facts) const {
  const Question* question = find(name);
  return question != nullptr && applies(*question, facts) && answer_to(name).empty();
}

void Answers::give(const std::string& question, const std::string& answer) {
  given_.push_back({question, answer});
}

bool Answers::take_back() {
  if (given_.empty()) return false;
  given_.pop_back();
  return true;
}

std::map<std::string, std::string> Answers::result(const Facts& facts) const {
  std::map<std::string, std::string> result;
  if (questions_ == nullptr) return result;
  for (const Question& question : *questions_) {
    if (question.notice || !question.covers.empty() || !applies(question, facts)) continue;
    const std::string answer = answer_to(question.name);
    result[question.name] = answer.empty() ? "none" : answer;
  }
  return result;
}

}  // namespace shogo::reader
