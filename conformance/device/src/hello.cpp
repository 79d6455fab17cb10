#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>
#include <shogo/conformance/device.h>
#include <shogo/contract/device_protocol.h>

namespace shogo::conformance {
namespace {

Result<void> parse_panel(const JsonObject& answer, Hello& hello) {
  if (answer.missing("panel")) return {};
  SHOGO_TRY(const JsonObject panel, answer.object("panel"));
  SHOGO_TRY(hello.panel_inches, panel.number("inches"));
  SHOGO_TRY(const std::int64_t width, panel.integer("width_px"));
  SHOGO_TRY(const std::int64_t height, panel.integer("height_px"));
  // Millimetres of every key are computed from these, so nonsense must not get further than here.
  if (!(hello.panel_inches >= 1 && hello.panel_inches <= 100) || width < 1 || width > 16384 || height < 1 ||
      height > 16384)
    return Error{Code::kInvalid, fmt::format("{}: a panel of {} inches with {} x {} pixels cannot be",
                                             panel.where(), hello.panel_inches, width, height)};
  hello.panel_width_px = static_cast<int>(width);
  hello.panel_height_px = static_cast<int>(height);
  return {};
}

Result<void> parse_identity(const JsonObject& identity, Hello& hello) {
  SHOGO_TRY(hello.model, identity.string("model"));
  SHOGO_TRY(hello.serial, identity.string("serial"));
  SHOGO_TRY(hello.firmware, identity.string("fw"));
  SHOGO_TRY(hello.engine, identity.string("engine"));
  SHOGO_TRY(hello.os, identity.string("os"));
  SHOGO_TRY(hello.sbom_sha256, identity.string("sbom_sha256"));
  return {};
}

}  // namespace

bool Device::has(std::string_view capability) const {
  return hello().capabilities.count(std::string(capability)) > 0;
}

Result<Hello> parse_hello(const boost::json::value& answer) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(answer, "answer to hello"));
  Hello hello;
  SHOGO_TRY(const std::int64_t protocol, object.integer("proto"));
  if (protocol != contract::kProtocolVersion)
    return Error{Code::kInvalid, fmt::format("answer to hello: proto is {}; this harness speaks version {}",
                                             protocol, contract::kProtocolVersion)};
  hello.protocol = static_cast<int>(protocol);
  SHOGO_TRY(const std::vector<std::string> capabilities, object.strings("caps"));
  hello.capabilities.insert(capabilities.begin(), capabilities.end());
  SHOGO_TRY(const JsonObject identity, object.object("identity"));
  SHOGO_CHECK_OK(parse_identity(identity, hello));
  SHOGO_CHECK_OK(parse_panel(object, hello));
  if (!object.missing("keypad")) {
    SHOGO_TRY(hello.keypad, object.string("keypad"));
    if (hello.keypad != "none" && hello.keypad != "built_in" && hello.keypad != "external")
      return Error{Code::kInvalid,
                   "answer to hello: keypad must be \"none\", \"built_in\" or \"external\", not \"" +
                       hello.keypad + "\""};
  }
  if (!object.missing("phone_area")) {
    SHOGO_TRY(hello.phone_area, object.string("phone_area"));
    constexpr std::string_view kAreas[] = {"same", "left", "right", "above", "below"};
    if (std::find(std::begin(kAreas), std::end(kAreas), hello.phone_area) == std::end(kAreas))
      return Error{Code::kInvalid,
                   "answer to hello: phone_area must be same, left, right, above or below, not \"" +
                       hello.phone_area + "\""};
  }
  return hello;
}

boost::json::object to_json(const Hello& hello) {
  boost::json::array capabilities;
  for (const std::string& capability : hello.capabilities) capabilities.emplace_back(capability);
  boost::json::object object{{"proto", hello.protocol},
                             {"caps", std::move(capabilities)},
                             {"identity",
                              {{"model", hello.model},
                               {"serial", hello.serial},
                               {"fw", hello.firmware},
                               {"engine", hello.engine},
                               {"os", hello.os},
                               {"sbom_sha256", hello.sbom_sha256}}}};
  if (hello.panel_width_px > 0)
    object["panel"] = {{"inches", hello.panel_inches},
                       {"width_px", hello.panel_width_px},
                       {"height_px", hello.panel_height_px}};
  if (!hello.keypad.empty()) object["keypad"] = hello.keypad;
  if (!hello.phone_area.empty()) object["phone_area"] = hello.phone_area;
  return object;
}

}  // namespace shogo::conformance
