// "papers" as a broken or hostile host agent may tell them: whatever it is, lists stay short, names have one
// line, and every page of the list can be laid out with every button in its own place.
#include "flow/papers.h"
#include "ui/page_check.h"
#include <cstdlib>

#include <shogo/base/json_reader.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo;
  using namespace shogo::reader;
  static const auto fonts = *Fonts::open();
  static const Panel panel = *load_panel("panel-5-landscape");
  const auto told = parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!told.ok()) return 0;
  Papers papers;
  papers.take(&*told);
  for (const std::string_view question : {"subsidy", "prescription", "referral"}) {
    PageInput input;
    input.screen = "consent_" + std::string(question);
    input.papers = papers.of(question);
    input.key_legends = true;
    if (input.papers.size() > Papers::kMost) std::abort();
    if (input.papers.empty()) continue;
    for (std::size_t first = 0; first < input.papers.size(); ++first) {
      input.first_paper = first;
      const Page page = lay_out_page(input, panel, *fonts, Messages::built_in());
      for (const Node& a : page.nodes)
        for (const Node& b : page.nodes)
          if (!a.event.empty() && !b.event.empty() && &a != &b && overlap(a.box, b.box)) std::abort();
    }
    (void)papers.turn(question, 0);
    (void)papers.chosen();
  }
  return 0;
}
