#include <string_view>

#include <fmt/format.h>

#include <shogo/evaluation/drawing.h>

namespace shogo::evaluation {
namespace {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return safe;
}

std::string path_of(const std::vector<Point>& points) {
  std::string path;
  for (const Point& point : points)
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', point.x, point.y);
  return path;
}

struct ToSvg {
  std::string operator()(const Line& line) const {
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{:g}\"{}/>\n",
                       path_of(line.points), line.colour, line.width,
                       line.dashed ? " stroke-dasharray=\"6 4\"" : "");
  }
  std::string operator()(const Area& area) const {
    return fmt::format("<path d=\"{}Z\" fill=\"{}\" fill-opacity=\"{:g}\" stroke=\"{}\"/>\n",
                       path_of(area.points), area.colour, area.opacity, area.colour);
  }
  std::string operator()(const Dot& dot) const {
    const std::string circle = fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" fill=\"{}\"",
                                           dot.at.x, dot.at.y, dot.radius, dot.colour);
    if (dot.title.empty()) return circle + "/>\n";
    return circle + "><title>" + escaped(dot.title) + "</title></circle>\n";
  }
  std::string operator()(const Text& text) const {
    constexpr const char* kAnchors[] = {"start", "middle", "end"};
    return fmt::format(
        "<text x=\"{0:.1f}\" y=\"{1:.1f}\" text-anchor=\"{2}\" fill=\"{3}\" "
        "font-size=\"{4:g}\"{5}{6}>{7}</text>\n",
        text.at.x, text.at.y, kAnchors[static_cast<std::size_t>(text.anchor)], text.colour, text.size,
        text.bold ? " font-weight=\"bold\"" : "",
        text.upwards ? fmt::format(" transform=\"rotate(-90 {:.1f} {:.1f})\"", text.at.x, text.at.y) : "",
        escaped(text.text));
  }
};

}  // namespace

std::string to_svg(const Drawing& drawing) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "font-family=\"sans-serif\">\n<title>{2}</title>\n<rect width=\"{0:g}\" height=\"{1:g}\" "
      "fill=\"#fff\"/>\n",
      drawing.width, drawing.height, escaped(drawing.title));
  for (const Shape& shape : drawing.shapes) svg += std::visit(ToSvg{}, shape);
  return svg + "</svg>\n";
}

}  // namespace shogo::evaluation
