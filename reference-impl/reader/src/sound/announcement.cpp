#include "sound/announcement.h"

#include <algorithm>

#include <fmt/core.h>

namespace shogo::reader {
namespace {

/// The dot behind the step of the moment is for the eye.
constexpr std::string_view kHereMark = " ●";

bool is_foot(const Node& node) {
  return node.id == "back" || node.id == "end" || node.id == "staff" || node.id == "language" ||
         node.id == "volume" || node.id == "camera";
}

bool is_digit_key(const Node& node) {
  return node.event.rfind("digit:", 0) == 0;
}

/// What changes when the list goes on to its next papers.
bool is_listed(const Node& node) {
  return node.event.starts_with("paper:") || node.event.starts_with("papers:");
}

/// Smaller is said earlier.
int place_of(const Node& node) {
  if (node.role == "caution") return 0;
  if (node.role == "heading") return 1;
  if (node.role == "step") return 5;
  if (node.id.starts_with("paper") || node.id == "more_papers") return 2;
  if (node.id.ends_with("_note")) return 3;  // with the button that it explains
  if (node.role != "button") return 2;
  return is_foot(node) ? 4 : 3;
}

}  // namespace

std::string spoken(const Node& node) {
  if (node.said) return *node.said;
  if (node.role == "key_legend" || node.id == "entry" || node.id == "clinic" || is_digit_key(node)) return {};
  std::string text = node.text;
  if (node.role == "step" && text.ends_with(kHereMark)) text.resize(text.size() - kHereMark.size());
  return text;
}

std::vector<std::string> announcement(const Page& page, const Messages& messages, Language language,
                                      bool keypad, Part part) {
  std::vector<const Node*> nodes;
  for (const Node& node : page.nodes)
    if (!spoken(node).empty() && (part == Part::kPage || is_listed(node))) nodes.push_back(&node);
  std::stable_sort(nodes.begin(), nodes.end(),
                   [](const Node* a, const Node* b) { return place_of(*a) < place_of(*b); });
  const bool digits = std::any_of(page.nodes.begin(), page.nodes.end(), is_digit_key);
  std::vector<std::string> texts;
  bool explained = !(keypad && digits);
  for (const Node* node : nodes) {
    if (!explained && place_of(*node) > 2) {
      texts.push_back(messages.word("say_keypad", language));
      explained = true;
    }
    if (keypad && node->key != 0 && node->enabled)
      texts.push_back(messages.word(fmt::format("say_key_{}", node->key), language));
    texts.push_back(spoken(*node));
  }
  return texts;
}

}  // namespace shogo::reader
