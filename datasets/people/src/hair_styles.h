// Hair styles as they are worn in Japan today, and who wears which.
#pragma once

#include "draw.h"

#include <shogo/people/person.h>

namespace shogo::people {

[[nodiscard]] Hair draw_hair(const Draw& draw, Sex sex, float age);

}  // namespace shogo::people
