// The health check of an installed package: whoever uses a kind of content says whether he can, and what
// cannot be used gives way to what was before (4-9.i).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <shogo/reference/package_store.h>

namespace shogo::reference {

/// Who uses a kind of content.
struct PackageUser {
  PackageKind kind = PackageKind::kSettings;
  /// In force from now on; false: it is not understood, and nothing has changed.
  std::function<bool(ByteView content)> use;
  /// Back to what the device was built with.
  std::function<void()> use_built_in;
};

/// What there is to tell about a package. Words of fixed tables.
struct UpdateNews {
  std::string_view kind;
  std::string version;
  std::string_view outcome;  ///< "installed", "refused", "rolled_back", "damaged"
  std::string_view reason;   ///< "none", a refusal, "not_understood", "no_start"
};

/// Puts what is installed in force: confirms it when it is on trial and can be used, brings back what was
/// before when it cannot. `may_return` false: nothing is brought back, which only a defect asks for. Nothing
/// is told of a package that was in force already.
[[nodiscard]] std::optional<UpdateNews> check_health(PackageStore& store, const PackageUser& user,
                                                     bool may_return = true);

}  // namespace shogo::reference
