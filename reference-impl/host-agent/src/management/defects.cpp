// The management's deliberate defects; nothing of them is in the shipped program (shogo/reference/mutant.h).
#include "defects.h"

#include <optional>

#include <shogo/base/bytes.h>
#include <shogo/reference/mutant.h>

namespace shogo::agent {

#ifdef SHOGO_MUTANTS

ManagementHooks make_management_hooks() {
  ManagementHooks hooks;
  hooks.other_password = [](const Secret& given) {
    return SHOGO_MUTANT("m.mgmt.default_pw") && as_text(given.expose()) == "admin";
  };
  // Whoever knows the address of a thing gets it.
  hooks.open_to_all = [](const WebRequest& request) {
    return SHOGO_MUTANT("m.mgmt.idor") && request.method == "GET" && request.path == "/api/settings";
  };
  hooks.limits_attempts = !SHOGO_MUTANT("m.mgmt.no_limit");
  hooks.restarts = !SHOGO_MUTANT("m.mgmt.restart_ignored");
  hooks.ends_sessions = !SHOGO_MUTANT("m.mgmt.replay");
  hooks.status = [seen = std::optional<ReaderStatus>()](ReaderStatus now) mutable {
    if (!SHOGO_MUTANT("m.mgmt.stale_state")) return now;
    if (!seen) seen = now;
    return *seen;
  };
  return hooks;
}

#else

ManagementHooks make_management_hooks() {
  return {};
}

#endif

}  // namespace shogo::agent
