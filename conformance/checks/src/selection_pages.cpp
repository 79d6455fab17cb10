#include "selection_pages.h"

#include <algorithm>
#include <span>

#include <shogo/base/embedded.h>
#include <shogo/base/json_reader.h>

namespace shogo::embedded_shogo_checks {
std::span<const EmbeddedFile> files();
}

namespace shogo::conformance {
namespace {

const Words kBackWords{"戻る", "Back"};

struct Kind {
  std::string_view page, name;
  sim::PaperKind kind;
};
constexpr Kind kKinds[] = {{"consent_prescription", "prescription", sim::PaperKind::kPrescription},
                           {"consent_subsidy", "subsidy", sim::PaperKind::kSubsidy},
                           {"consent_referral", "referral", sim::PaperKind::kReferral}};

CanaryNames read_names(std::string_view set) {
  CanaryNames names;
  const auto text = find_embedded(embedded_shogo_checks::files(), "data/canary_names.json");
  const auto document = parse_json(text.value_or("{}"), "canary_names.json");
  if (!document.ok()) return names;
  for (const Kind& kind : kKinds)
    for (const auto& entry : document->at(set).at(kind.name).as_object())
      names[std::string(kind.page)].emplace_back(entry.value().at("ja").as_string());
  return names;
}

bool is_aside(const UiNode& node, const std::vector<std::string>& names) {
  for (const Words* group : {&words::kEnd, &words::kStaff, &words::kLanguage, &kBackWords})
    for (const std::string_view word : *group)
      if (node.text.find(word) != std::string::npos) return true;
  return std::find(names.begin(), names.end(), node.text) != names.end();
}

}  // namespace

bool is_selection_page(std::string_view state) {
  return std::find(kSelectionPages.begin(), kSelectionPages.end(), state) != kSelectionPages.end();
}

const CanaryNames& canary_names(std::string_view set) {
  static const CanaryNames kFirst = read_names("first"), kSecond = read_names("second");
  return set == "second" ? kSecond : kFirst;
}

std::vector<std::string> names_on(const CanaryNames& names, std::string_view page) {
  const auto found = names.find(page);
  return found == names.end() ? std::vector<std::string>() : found->second;
}

Result<void> give_names(Stage& stage, sim::Patient patient, const CanaryNames& names) {
  std::vector<sim::Paper> papers;
  for (const Kind& kind : kKinds)
    for (const std::string& name : names_on(names, kind.page)) papers.push_back({kind.kind, name});
  return Stage::ours(stage.world().set_papers(patient, std::move(papers)));
}

const UiNode* node_with(const UiTree& tree, const std::string& text) {
  const auto found = std::find_if(tree.nodes.begin(), tree.nodes.end(),
                                  [&](const UiNode& node) { return node.text == text; });
  return found == tree.nodes.end() ? nullptr : &*found;
}

const UiNode* onward(const UiTree& tree, const std::vector<std::string>& names) {
  if (const UiNode* agree = find_button(tree, words::kAgree)) return agree;
  if (const UiNode* next = find_button(tree, words::kNext)) return next;
  for (const UiNode& node : tree.nodes)
    if (node.role == "button" && node.enabled && !is_aside(node, names)) return &node;
  return nullptr;
}

}  // namespace shogo::conformance
