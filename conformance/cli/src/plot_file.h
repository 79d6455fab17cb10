// Plots as files, SVG or PNG by the ending.
#pragma once

#include <filesystem>

#include <shogo/base/image.h>
#include <shogo/base/result.h>
#include <shogo/evaluation/drawing.h>

namespace shogo::conformance {

/// The drawing in pixels (RGB), two for each of its own. Letters are strokes of OpenCV: what is not ASCII
/// shows as "?", except ≤ and ≥.
[[nodiscard]] Image paint(const evaluation::Drawing& drawing);

/// Refuses other endings than .svg and .png before anything is drawn.
[[nodiscard]] Result<void> check_plot_name(std::string_view option, const std::filesystem::path& file);
[[nodiscard]] Result<void> write_plot(const std::filesystem::path& file, const evaluation::Drawing& drawing);

}  // namespace shogo::conformance
