#include "updates/installer.h"

#include <algorithm>

#include <shogo/base/json_reader.h>
#include <shogo/contract/update_package.h>

namespace shogo::reader {
namespace {

constexpr std::size_t kMaxPackage = 86 + contract::kMaxPackageHeader + contract::kMaxPackageContent;
constexpr std::string_view kWhere = "reader link";

}  // namespace

Installer::Installer(Parts parts, InstallerHooks hooks) : parts_(std::move(parts)), hooks_(std::move(hooks)) {
  parts_.factory_keys = hooks_.keys(std::move(parts_.factory_keys));
}

void Installer::open() {
  auto opened = reference::PackageStore::open(parts_.storage, parts_.factory_keys);
  if (!opened.ok()) return parts_.tell({"unknown", "", "damaged", "none"});
  store_.emplace(*std::move(opened));
  for (const auto kind : store_->given_up())
    parts_.tell({contract::to_string(kind), "", "rolled_back", "no_start"});
  for (const reference::PackageUser& user : parts_.users)
    if (const auto news = reference::check_health(*store_, user)) parts_.tell(*news);
}

bool Installer::message(const boost::json::object& body) {
  const json::value document = body;
  const auto type = JsonObject::of(document, std::string(kWhere))->string("type");
  if (!type.ok()) return false;
  if (*type == "update_offer") return offered(body);
  if (*type == "update_part") return part(body);
  return false;
}

bool Installer::offered(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, std::string(kWhere));
  const auto sha256 = object->string("sha256");
  const auto size = object->integer("size");
  if (!sha256.ok() || !size.ok() || *size < 1 || static_cast<std::uint64_t>(*size) > kMaxPackage)
    return false;
  // The same one again: the link was lost on the way, and what has come counts.
  if (!incoming_ || incoming_->sha256 != *sha256 || incoming_->size != static_cast<std::size_t>(*size))
    incoming_ = Incoming{*sha256, static_cast<std::size_t>(*size), {}};
  want();
  return true;
}

bool Installer::part(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, std::string(kWhere));
  const auto sha256 = object->string("sha256");
  const auto offset = object->integer("offset");
  const auto data = object->string("data");
  if (!incoming_ || !sha256.ok() || *sha256 != incoming_->sha256 || !offset.ok() || !data.ok() ||
      static_cast<std::size_t>(*offset) != incoming_->bytes.size())
    return false;
  const auto bytes = from_base64(*data);
  if (!bytes.ok() || bytes->empty() || bytes->size() > incoming_->size - incoming_->bytes.size())
    return false;
  append(incoming_->bytes, *bytes);
  want();
  return true;
}

void Installer::want() {
  if (incoming_->bytes.size() < incoming_->size) {
    parts_.send(
        {{"type", "update_want"}, {"sha256", incoming_->sha256}, {"offset", incoming_->bytes.size()}});
    return;
  }
  if (parts_.may_install()) judge();
}

void Installer::now_idle() {
  if (incoming_ && incoming_->bytes.size() == incoming_->size) judge();
}

void Installer::judge() {
  if (!store_) return answer({"unknown", "", "refused", "storage_failed"});
  const Bytes package = hooks_.package(incoming_->bytes, *store_);
  const auto claimed = contract::claimed_header(package);
  const std::string_view kind = claimed ? contract::to_string(claimed->kind) : "unknown";
  const std::string version = claimed ? claimed->version.text() : "";
  if (sha256_hex(incoming_->bytes) != incoming_->sha256)
    return answer({kind, version, "refused", "other_than_announced"});
  const auto user = std::find_if(parts_.users.begin(), parts_.users.end(), [&](const auto& candidate) {
    return claimed && candidate.kind == claimed->kind;
  });
  const bool keys = claimed && claimed->kind == contract::PackageKind::kKeys;
  if (claimed && !keys && user == parts_.users.end()) return answer({kind, version, "refused", "no_use"});
  const auto before = claimed ? store_->installed(claimed->kind) : std::nullopt;
  if (const auto refused = store_->install(package)) {
    // After a start of the host agent the package in force is met again: nothing has happened.
    const bool known = refused->reason == "replayed" && before && before->sequence == claimed->sequence;
    return answer({kind, version, known ? "known" : "refused", refused->reason});
  }
  if (keys) return answer({kind, version, "installed", "none"});
  const auto news = reference::check_health(*store_, *user);
  answer(news.value_or(reference::UpdateNews{kind, version, "installed", "none"}));
}

void Installer::answer(const reference::UpdateNews& news) {
  const std::string sha256 = incoming_->sha256;
  incoming_.reset();
  if (news.outcome != "known") parts_.tell(news);
  parts_.send({{"type", "update_result"},
               {"sha256", sha256},
               {"kind", news.kind},
               {"version", news.version},
               {"outcome", news.outcome},
               {"reason", news.reason}});
}

void Installer::forget() {
  incoming_.reset();
  store_.reset();
  (void)reference::PackageStore::erase(parts_.storage);
  open();
}

boost::json::object Installer::versions() const {
  boost::json::object all;
  if (!store_) return all;
  for (const reference::PackageUser& user : parts_.users)
    if (const auto installed = store_->installed(user.kind))
      all[contract::to_string(user.kind)] = installed->version.text();
  return all;
}

}  // namespace shogo::reader
