#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/contract/bench_config.h>

namespace shogo::contract {
namespace {

constexpr int kVersion = 1;

struct TextField {
  const char* key;
  std::string BenchConfig::*member;
};
constexpr TextField kTexts[] = {
    {"pcsc_socket", &BenchConfig::pcsc_socket},
    {"rf_socket", &BenchConfig::rf_socket},
    {"server_url", &BenchConfig::server_url},
    {"trust_anchor_pem", &BenchConfig::trust_anchor_pem},
    {"client_cert_pem", &BenchConfig::client_cert_pem},
    {"client_key_pem", &BenchConfig::client_key_pem},
    {"fund_program", &BenchConfig::fund_program},
    {"link_address", &BenchConfig::link_address},
    {"link_listen", &BenchConfig::link_listen},
    {"link_key_file", &BenchConfig::link_key_file},
    {"adapter_address", &BenchConfig::adapter_address},
    {"clock_file", &BenchConfig::clock_file},
    {"wall_start", &BenchConfig::wall_start},
    {"panel", &BenchConfig::panel},
    {"terminal_pem", &BenchConfig::terminal_pem},
    {"log_folder", &BenchConfig::log_folder},
    {"result_folder", &BenchConfig::result_folder},
    {"keypad", &BenchConfig::keypad},
    {"keypad_device", &BenchConfig::keypad_device},
    {"management_folder", &BenchConfig::management_folder},
    {"management_address", &BenchConfig::management_address},
    {"storage_folder", &BenchConfig::storage_folder},
    {"update_folder", &BenchConfig::update_folder},
};

}  // namespace

Result<BenchConfig> parse_bench_config(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, std::string(where)));
  SHOGO_TRY(const std::int64_t version, object.integer("version"));
  if (version != kVersion)
    return Error{Code::kUnsupported,
                 fmt::format("{}: version {}; this program reads {}", where, version, kVersion)};
  BenchConfig config;
  for (const auto& [key, member] : kTexts) {
    if (object.missing(key)) continue;
    SHOGO_TRY(config.*member, object.string(key));
  }
  if (config.keypad != "none" && config.keypad != "built_in" && config.keypad != "external")
    return Error{Code::kInvalid, fmt::format("{}: \"keypad\" is none, built_in or external, not \"{}\"",
                                             where, config.keypad)};
  if (config.keypad == "external" && config.keypad_device.empty())
    return Error{Code::kInvalid, fmt::format("{}: an external keypad needs \"keypad_device\"", where)};
  if (!object.missing("pcsc_readers")) {
    SHOGO_TRY(config.pcsc_readers, object.strings("pcsc_readers"));
  }
  if (!object.missing("update_keys")) {
    SHOGO_TRY(config.update_keys, object.strings("update_keys"));
  }
  if (!object.missing("vpcd_port")) {
    SHOGO_TRY(const std::int64_t port, object.integer("vpcd_port"));
    if (port < 0 || port > 65535)
      return Error{Code::kInvalid, fmt::format("{}: \"vpcd_port\" must be 0 to 65535, got {}", where, port)};
    config.vpcd_port = static_cast<std::uint16_t>(port);
  }
  if (!object.missing("seed")) {
    SHOGO_TRY(const std::int64_t seed, object.integer("seed"));
    config.seed = static_cast<std::uint64_t>(seed);
  }
  if (!object.missing("server_timeout_ms")) {
    SHOGO_TRY(const std::int64_t timeout, object.integer("server_timeout_ms"));
    if (timeout < 100 || timeout > 60'000)
      return Error{Code::kInvalid,
                   fmt::format("{}: \"server_timeout_ms\" must be 100 to 60000, got {}", where, timeout)};
    config.server_timeout_ms = static_cast<std::uint32_t>(timeout);
  }
  return config;
}

Result<BenchConfig> load_bench_config(const std::filesystem::path& path) {
  SHOGO_TRY(const std::string text, read_text(path));
  return parse_bench_config(text, path.string());
}

std::string print_bench_config(const BenchConfig& config) {
  json::object object{{"version", kVersion}};
  for (const auto& [key, member] : kTexts) object[key] = config.*member;
  if (config.update_folder.empty()) object.erase("update_folder");
  if (!config.update_keys.empty())
    object["update_keys"] = json::array(config.update_keys.begin(), config.update_keys.end());
  object["pcsc_readers"] = json::array(config.pcsc_readers.begin(), config.pcsc_readers.end());
  object["vpcd_port"] = config.vpcd_port;
  object["server_timeout_ms"] = config.server_timeout_ms;
  object["seed"] = static_cast<std::int64_t>(config.seed);
  return pretty_json(object);
}

}  // namespace shogo::contract
