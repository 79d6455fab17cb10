// Whether the pages can be used with these words on this panel: what is drawn lies on the panel, covers
// nothing, is no wider than its place, and the device has type for it. The trial of words that come in a
// package (4-9.i), and the measure of those that are built in.
#pragma once

#include "ui/page.h"
#include <vector>

#include <shogo/base/result.h>

namespace shogo::reader {

/// Every screen in every language, each at its fullest: with a physical keypad, ticked steps, the
/// announcement that time runs out, and the longest words of a clinic's own; and once more while a keypad is
/// gone.
[[nodiscard]] std::vector<PageInput> fullest_pages(const Panel& panel);

/// kInvalid: which node breaks which of the rules.
[[nodiscard]] Result<void> check_page(const Page& page, const PageInput& input, const Panel& panel,
                                      Fonts& fonts);

/// All of fullest_pages(); kInvalid names the screen, too. Takes up to a second of processor time.
[[nodiscard]] Result<void> check_pages(const Messages& messages, const Panel& panel, Fonts& fonts);

[[nodiscard]] bool overlap(const Rect& a, const Rect& b);
[[nodiscard]] bool inside(const Rect& outer, const Rect& inner);

}  // namespace shogo::reader
