// What the fuzz targets of the reader share.
#pragma once

#include "reader.h"

namespace shogo::reader {

/// A reader that draws a sixteenth of the pixels, because drawing is not what is fuzzed, and logs to nowhere.
struct FuzzedReader {
  static Panel coarse_panel() {
    Panel panel = *load_panel("panel-5-landscape");
    panel.width_px /= 4;
    panel.height_px /= 4;
    return panel;
  }

  RealClock clock;
  MemorySink sink{10};
  Log log{clock, sink, "reader"};
  std::unique_ptr<Fonts> fonts = *Fonts::open();
  Reader reader{coarse_panel(), *fonts, Hooks{}, 1, clock, log};
};

}  // namespace shogo::reader
