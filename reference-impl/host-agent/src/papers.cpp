#include "papers.h"

#include <algorithm>
#include <cstring>

namespace shogo::agent {
namespace {

namespace json = boost::json;

std::string_view kind_of(const shogo_fund_paper& paper) {
  switch (paper.kind) {
    case SHOGO_FUND_PAPER_SUBSIDY:
      return "subsidy";
    case SHOGO_FUND_PAPER_PRESCRIPTION:
      return "prescription";
    case SHOGO_FUND_PAPER_REFERRAL:
      return "referral";
    default:
      return {};  // a number outside the ABI: the library is newer than we are
  }
}

std::string_view text_of(const char* field, std::size_t room) {
  return {field, ::strnlen(field, room)};
}

bool is_id(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
  });
}

/// Calls `use` with kind, id and name of each paper that is one.
template <typename Use>
void each_paper(const shogo_fund_person& person, Use use) {
  const std::size_t count = std::min<std::size_t>(person.paper_count, SHOGO_FUND_MAX_PAPERS);
  for (std::size_t i = 0; i < count; ++i) {
    const shogo_fund_paper& paper = person.papers[i];
    const std::string_view kind = kind_of(paper);
    const std::string_view id = text_of(paper.id, sizeof paper.id);
    const std::string name = plain_name(text_of(paper.name, sizeof paper.name));
    if (!kind.empty() && is_id(id) && name.find_first_not_of(' ') != std::string::npos) use(kind, id, name);
  }
}

/// How many bytes the well-formed character at the beginning takes; 0: it is none (RFC 3629).
std::size_t character_size(std::string_view text, char32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) < 0x80               ? 1
                           : (byte(0) & 0xE0U) == 0xC0U ? 2
                           : (byte(0) & 0xF0U) == 0xE0U ? 3
                           : (byte(0) & 0xF8U) == 0xF0U ? 4
                                                        : 0;
  if (size == 0 || size > text.size()) return 0;
  code = size == 1 ? byte(0) : byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool well = code >= kLeast[size] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return well ? size : 0;
}

bool is_control(char32_t c) {
  const bool turns = c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
                     (c >= 0x2066 && c <= 0x2069);
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || turns;
}

}  // namespace

std::string plain_name(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    char32_t code = 0;
    const std::size_t size = character_size(bytes, code);
    if (size == 0)
      text += "\xEF\xBF\xBD";
    else if (is_control(code))
      text += ' ';
    else
      text += bytes.substr(0, size);
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

json::array papers_for_reader(const shogo_fund_person& person) {
  json::array papers;
  each_paper(person, [&](std::string_view kind, std::string_view id, const std::string& name) {
    papers.push_back({{"kind", kind}, {"id", id}, {"name", name}});
  });
  return papers;
}

PaperIds paper_ids(const shogo_fund_person& person) {
  PaperIds ids;
  each_paper(person, [&](std::string_view kind, std::string_view id, const std::string&) {
    ids[std::string(kind)].emplace_back(id);
  });
  return ids;
}

PaperIds chosen_papers(const json::object& chosen, const PaperIds& offered) {
  PaperIds found;
  for (const auto& [question, ids] : offered) {
    const json::value* told = chosen.if_contains(question);
    if (told == nullptr || !told->is_array()) continue;
    for (const std::string& id : ids) {
      const json::array& wanted = told->get_array();
      const bool is_chosen = std::any_of(wanted.begin(), wanted.end(), [&](const json::value& one) {
        return one.is_string() && one.get_string() == id;
      });
      if (is_chosen) found[question].push_back(id);
    }
  }
  return found;
}

}  // namespace shogo::agent
