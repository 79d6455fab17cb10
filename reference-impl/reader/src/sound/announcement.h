// What is said of a page (1-13.h): its texts in the order in which somebody who cannot see needs them. Pure.
#pragma once

#include "ui/page.h"
#include <string>
#include <vector>

namespace shogo::reader {

/// Warning, heading, words, what can be chosen (with a physical keypad: by which key), the buttons at the
/// foot, the steps of the procedure. Never said: digits, typed or to be typed (1-13.f), and what stands on a
/// picture only. `keypad`: a physical keypad is there.
enum class Part { kPage, kPapers };  ///< all of it, or what can be chosen in its list
[[nodiscard]] std::vector<std::string> announcement(const Page& page, const Messages& messages,
                                                    Language language, bool keypad, Part part = Part::kPage);
/// How a node is said; empty: it is not.
[[nodiscard]] std::string spoken(const Node& node);

}  // namespace shogo::reader
