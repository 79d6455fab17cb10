#include "flow/papers.h"

#include <algorithm>

namespace shogo::reader {
namespace {

namespace json = boost::json;

/// The questions that papers belong to.
constexpr std::string_view kQuestions[] = {"subsidy", "prescription", "referral"};

std::string_view text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

std::string cut(std::string_view text, std::size_t most) {
  std::size_t size = std::min(text.size(), most);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size));
}

}  // namespace

void Papers::take(const json::value* told) {
  by_question_.clear();
  if (told == nullptr || !told->is_array()) return;
  for (const json::value& entry : told->get_array()) {
    if (!entry.is_object()) continue;
    const std::string_view question = text_of(entry.get_object(), "kind");
    const std::string_view id = text_of(entry.get_object(), "id");
    std::string name = cut(text_of(entry.get_object(), "name"), kLongestName);
    // A line's end would let one name look like two.
    for (char& c : name)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    const bool known =
        std::find(std::begin(kQuestions), std::end(kQuestions), question) != std::end(kQuestions);
    if (!known || id.empty() || name.find_first_not_of(' ') == std::string::npos) continue;
    auto& list = by_question_[std::string(question)];
    if (list.size() < kMost) list.push_back({std::string(id), std::move(name), false});
  }
  for (auto& [question, list] : by_question_)
    if (list.size() == 1) list.front().chosen = true;
}

const std::vector<Paper>& Papers::of(std::string_view question) const {
  static const std::vector<Paper> kNone;
  const auto found = by_question_.find(question);
  return found == by_question_.end() ? kNone : found->second;
}

bool Papers::turn(std::string_view question, std::size_t index) {
  const auto found = by_question_.find(question);
  if (found == by_question_.end() || found->second.size() < 2 || index >= found->second.size()) return false;
  found->second[index].chosen = !found->second[index].chosen;
  return true;
}

json::object Papers::chosen() const {
  json::object all;
  for (const auto& [question, list] : by_question_) {
    json::array ids;
    for (const Paper& paper : list)
      if (paper.chosen) ids.emplace_back(paper.id);
    all[question] = std::move(ids);
  }
  return all;
}

bool may_agree(const std::vector<Paper>& papers) {
  return papers.empty() ||
         std::any_of(papers.begin(), papers.end(), [](const Paper& paper) { return paper.chosen; });
}

}  // namespace shogo::reader
