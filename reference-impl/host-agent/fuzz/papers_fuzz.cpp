// Papers as a broken or hostile fund program fills them in: whatever lies there, what goes to the reader is
// JSON that its parser takes, in a message that is not too long, and every id in it can be chosen.
#include "papers.h"
#include <cstdlib>
#include <cstring>
#include <memory>

#include <shogo/base/json_reader.h>
#include <shogo/contract/reader_link.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shogo::agent;
  const auto person = std::make_unique<shogo_fund_person>();
  const std::size_t room = sizeof person->papers + sizeof person->paper_count;
  // The count comes last, so that few bytes already fill papers.
  std::memcpy(person->papers, data, std::min(size, sizeof person->papers));
  person->paper_count = size > room ? data[room] : SHOGO_FUND_MAX_PAPERS;
  const auto papers = papers_for_reader(*person);
  const std::string text = boost::json::serialize(papers);
  if (!shogo::parse_json(text, "fuzz").ok() || text.size() > shogo::contract::kLinkMaxPayload - 512)
    std::abort();
  const PaperIds offered = paper_ids(*person);
  boost::json::object all;
  for (const auto& [kind, ids] : offered) {
    boost::json::array wanted;
    for (const std::string& id : ids) wanted.emplace_back(id);
    all[kind] = std::move(wanted);
  }
  if (chosen_papers(all, offered) != offered) std::abort();
  return 0;
}
