#include <fmt/core.h>
#include <openssl/x509.h>

#include <shogo/base/json_reader.h>
#include <shogo/sim/card_file.h>
#include <shogo/sim/certificate.h>

namespace shogo::sim {
namespace {

json::value rule_json(const AccessRule& rule) {
  if (rule.kind == AccessRule::Kind::kFree) return "free";
  if (rule.kind == AccessRule::Kind::kNever) return "never";
  json::array list;
  for (const std::uint16_t id : rule.secrets) list.push_back(json::string(fmt::format("{:04X}", id)));
  if (rule.by_holder) list.push_back("holder");
  if (rule.by_terminal) list.push_back("terminal");
  return list;
}

std::string iso_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "?";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/// Null for a file that is no certificate.
json::value certificate_json(const Bytes& der) {
  const auto certificate = Certificate::from_der(der);
  if (!certificate.ok()) return nullptr;
  return {{"subject", certificate->subject()},
          {"issuer", certificate->issuer()},
          {"serial", certificate->serial_hex()},
          {"not_before", iso_time(X509_get0_notBefore(certificate->get()))},
          {"not_after", iso_time(X509_get0_notAfter(certificate->get()))}};
}

json::object pin_json(const CardPin& pin, const StoredCard& card, const std::string& application) {
  int left = pin.tries_left;
  std::string value = std::string(as_text(card.contents.secrets.at(pin.secret).expose()));
  for (const PinMemory& item : card.memory) {
    if (item.application != application || item.id != pin.id) continue;
    left = item.tries_left;
    value = std::string(as_text(item.value.expose()));
  }
  const bool readable = pin.secret != "nothing";
  return {{"id", fmt::format("{:04X}", pin.id)},
          {"secret", pin.secret},
          {"value", readable ? json::value(value) : json::value(nullptr)},
          {"tries_left", left},
          {"tries", pin.tries}};
}

}  // namespace

json::value describe_card(const StoredCard& card) {
  json::array applications;
  for (const CardApplication& application : card.profile.applications) {
    json::array files, pins, keys;
    for (const CardFile& file : application.files) {
      const Bytes& bytes = card.contents.files.at(file.content);
      json::object item{{"id", fmt::format("{:04X}", file.id)},
                        {"content", file.content},
                        {"bytes", bytes.size() + file.stray.size()},
                        {"read", rule_json(file.read)}};
      if (file.content.ends_with("_certificate") || file.content.ends_with("_ca"))
        if (json::value certificate = certificate_json(bytes); !certificate.is_null())
          item["certificate"] = std::move(certificate);
      files.push_back(std::move(item));
    }
    for (const CardPin& pin : application.pins) pins.push_back(pin_json(pin, card, application.name));
    for (const CardKey& key : application.keys)
      keys.push_back({{"id", fmt::format("{:04X}", key.id)}, {"key", key.key}, {"use", rule_json(key.use)}});
    applications.push_back({{"name", application.name},
                            {"aid", to_hex(application.aid)},
                            {"files", std::move(files)},
                            {"pins", std::move(pins)},
                            {"keys", std::move(keys)}});
  }
  const json::object& issued = card.issued.as_object();
  contract::Atqb atqb = card.profile.atqb;
  atqb.pupi = card.contents.pupi;
  json::object out{{"synthetic", true},
                   {"profile", card.profile.name},
                   {"about", card.profile.about},
                   {"atr", to_hex(contract::atr_of(atqb))}};
  for (const char* key : {"person", "expiry_date", "security_code", "certificate_serial", "signature_serial"})
    if (const json::value* value = issued.if_contains(key)) out[key] = *value;
  out["applications"] = std::move(applications);
  return out;
}

}  // namespace shogo::sim
