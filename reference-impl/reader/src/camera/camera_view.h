// The camera's picture on the panel, as in a mirror: whoever moves to the left sees himself move to the left.
#pragma once

#include "ui/page.h"

namespace shogo::reader {

/// Onto the node "camera_view" of the page's frame, whole, centred, in its own proportions; nothing on a page
/// without that node. `picture` has 1 or 3 channels.
void paint_camera_view(Page& page, const Image& picture);

}  // namespace shogo::reader
