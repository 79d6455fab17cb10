// What a patient may choose from (1-13.j), from the fund program to the reader and back. Names come from
// other institutions' systems: before they travel they are made text that a page can show as it is.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/contract/fund_program.h>

namespace shogo::agent {

/// Ids of papers by the reader's question they belong to ("subsidy", "prescription", "referral").
using PaperIds = std::map<std::string, std::vector<std::string>, std::less<>>;

/// As the message "result" carries them: [{kind, id, name}]. Entries without kind, id or name are left out.
[[nodiscard]] boost::json::array papers_for_reader(const shogo_fund_person& person);
[[nodiscard]] PaperIds paper_ids(const shogo_fund_person& person);

/// Whole UTF-8 without line ends, other controls, or characters that turn the direction of writing around;
/// malformed bytes become U+FFFD.
[[nodiscard]] std::string plain_name(std::string_view bytes);

/// Of what the reader says was chosen ({question: [id, …]}) that which this patient was offered, each once,
/// in the order of the offer. Whatever else it says counts for nothing.
[[nodiscard]] PaperIds chosen_papers(const boost::json::object& chosen, const PaperIds& offered);

}  // namespace shogo::agent
