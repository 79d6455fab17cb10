// The list on the pages for subsidies, prescriptions and referral letters (1-13.j): every name in a box of
// its own, so that no name can be taken for a button or hide one. One alone stands there to be read; of
// several each box is a switch, and where not all find room a button leads to the next of them.
#pragma once

#include "ui/painter.h"

namespace shogo::reader {

/// The keys of the physical keypad that mean the boxes of the moment, from above, and the next of them.
inline constexpr char kPaperKeys[] = {'4', '5', '6'};
inline constexpr char kMorePapersKey = '2';

/// Draws in `area` from `in.first_paper` on, after a line that says how many there are.
void draw_papers(Painter& painter, const Rect& area);

}  // namespace shogo::reader
