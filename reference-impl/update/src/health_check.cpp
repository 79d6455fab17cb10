#include <shogo/reference/health_check.h>

namespace shogo::reference {
namespace {

/// Whether what is in force can be used; without any package it always can.
bool put_in_force(const PackageStore& store, const PackageUser& user) {
  const auto content = store.content(user.kind);
  if (content.ok() && user.use(*content)) return true;
  user.use_built_in();
  return !content.ok() && content.error().code() == Code::kNotFound;
}

}  // namespace

std::optional<UpdateNews> check_health(PackageStore& store, const PackageUser& user, bool may_return) {
  const auto installed = store.installed(user.kind);
  const bool usable = put_in_force(store, user);
  if (!installed) return std::nullopt;
  const std::string_view kind = contract::to_string(user.kind);
  const std::string version = installed->version.text();
  if (usable) {
    if (!store.on_trial(user.kind)) return std::nullopt;
    // A full disk may not take the word that it works; it does, and the store comes back to it.
    (void)store.confirm(user.kind);
    return UpdateNews{kind, version, "installed", "none"};
  }
  if (!may_return) (void)store.confirm(user.kind);
  if (!store.on_trial(user.kind) || !store.roll_back(user.kind).ok())
    return UpdateNews{kind, version, "damaged", "none"};
  (void)put_in_force(store, user);
  return UpdateNews{kind, version, "rolled_back", "not_understood"};
}

}  // namespace shogo::reference
