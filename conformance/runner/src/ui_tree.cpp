#include <shogo/base/json_reader.h>
#include <shogo/conformance/ui_tree.h>

namespace shogo::conformance {
namespace {

// A device that answers with a million nodes is broken, and must not make the harness slow.
constexpr std::size_t kMaxNodes = 10'000;

Result<std::string> optional_text(const JsonObject& object, std::string_view key) {
  if (object.missing(key)) return std::string();
  return object.string(key);
}

Result<void> read_bounds(const JsonObject& object, UiNode& node) {
  const json::value* bounds = object.raw().if_contains("bounds_px");
  const auto bad = [&] {
    return Error{Code::kInvalid,
                 object.where() + ": \"bounds_px\" must be [x, y, width, height] in whole pixels"};
  };
  if (bounds == nullptr || !bounds->is_array() || bounds->get_array().size() != 4) return bad();
  int* const into[] = {&node.x, &node.y, &node.width, &node.height};
  for (std::size_t i = 0; i < 4; ++i) {
    const json::value& part = bounds->get_array()[i];
    if (!part.is_int64() || part.get_int64() < -16384 || part.get_int64() > 16384) return bad();
    *into[i] = static_cast<int>(part.get_int64());
  }
  if (node.width < 0 || node.height < 0) return bad();
  return {};
}

Result<UiNode> read_node(const JsonObject& object) {
  UiNode node;
  SHOGO_TRY(node.id, object.string("id"));
  SHOGO_TRY(node.role, object.string("role"));
  SHOGO_TRY(node.text, object.string("text"));
  SHOGO_CHECK_OK(read_bounds(object, node));
  if (!object.missing("enabled")) {
    SHOGO_TRY(node.enabled, object.boolean("enabled"));
  }
  if (!object.missing("font_px")) {
    SHOGO_TRY(node.font_px, object.number("font_px"));
  }
  if (!object.missing("colour")) {
    SHOGO_TRY(const std::vector<std::string> colours, object.strings("colour"));
    if (colours.size() != 2)
      return Error{Code::kInvalid, object.where() + ": \"colour\" must be [text, ground]"};
    node.colour = colours[0];
    node.ground = colours[1];
  }
  SHOGO_TRY(node.spoken, optional_text(object, "spoken"));
  return node;
}

}  // namespace

const UiNode* UiTree::find(std::string_view id) const {
  for (const UiNode& node : nodes)
    if (node.id == id) return &node;
  return nullptr;
}

const UiNode* UiTree::find(std::string_view role, std::string_view text) const {
  for (const UiNode& node : nodes)
    if (node.enabled && (role.empty() || node.role == role) && node.text == text) return &node;
  return nullptr;
}

Result<UiTree> parse_ui_tree(const json::value& answer) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer to get_ui_tree"));
  UiTree tree;
  SHOGO_TRY(tree.state, object.string("state"));
  SHOGO_TRY(tree.screen_id, object.string("screen_id"));
  SHOGO_TRY(tree.lang, object.string("lang"));
  SHOGO_TRY(const std::vector<JsonObject> nodes, object.objects("nodes"));
  if (nodes.size() > kMaxNodes) return Error{Code::kInvalid, "answer to get_ui_tree: more than 10000 nodes"};
  for (const JsonObject& node_object : nodes) {
    SHOGO_TRY(UiNode node, read_node(node_object));
    tree.nodes.push_back(std::move(node));
  }
  if (!object.missing("frame")) {
    SHOGO_TRY(const std::int64_t frame, object.integer("frame"));
    if (frame < 1)
      return Error{Code::kInvalid, "answer to get_ui_tree: \"frame\" must be the seq of a screen frame"};
    tree.frame = static_cast<std::uint64_t>(frame);
  }
  return tree;
}

json::object to_json(const UiTree& tree) {
  json::array nodes;
  for (const UiNode& node : tree.nodes) {
    json::object told{{"id", node.id},
                      {"role", node.role},
                      {"bounds_px", {node.x, node.y, node.width, node.height}},
                      {"text", node.text},
                      {"enabled", node.enabled},
                      {"font_px", node.font_px},
                      {"spoken", node.spoken}};
    if (!node.colour.empty()) told["colour"] = {node.colour, node.ground};
    nodes.push_back(std::move(told));
  }
  json::object object{
      {"state", tree.state}, {"screen_id", tree.screen_id}, {"lang", tree.lang}, {"nodes", std::move(nodes)}};
  if (tree.frame) object["frame"] = *tree.frame;
  return object;
}

}  // namespace shogo::conformance
