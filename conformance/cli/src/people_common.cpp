#include "people_common.h"

namespace shogo::conformance {

Result<PeopleCast> people_cast(const Arguments& arguments, Terminal& terminal) {
  PeopleCast cast;
  SHOGO_TRY(cast.recipe, people::find_recipe(arguments.get("--population", "clinic")));
  SHOGO_TRY(cast.head, people::HeadModel::load());
  if (cast.head->is_built_in())
    terminal.err
        << "shogo people: no asset pack here, so everybody gets the small built-in head; ci/people-pack "
           "fetches the real one\n";
  return cast;
}

}  // namespace shogo::conformance
