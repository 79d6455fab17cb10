// What a stranger on this machine may send to the management: the target, the headers and the body of a
// request. However they lie, without a session nothing but a refusal comes back.
#include "management/management.h"
#include <cstdlib>
#include <filesystem>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>

namespace {

using namespace shogo;
using namespace shogo::agent;

/// One field after the other, each ends at a line feed.
std::string next(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string field(rest.substr(0, end));
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder = *TemporaryFolder::create("fuzz_management");
  static VirtualClock clock;
  static MemorySink sink(10);
  static Log log(clock, sink, "management");
  static VisualCheck visual_check(clock);
  static ReaderDesk desk(clock, [](boost::json::object) {});
  static Management management(*Passwords::open(folder.path() / "m", {2, 1, 1}), desk, visual_check, {}, {},
                               clock, log);
  clock.advance(std::chrono::minutes(2));
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  WebRequest request;
  request.method = next(rest);
  const std::string target = next(rest);
  request.host = next(rest);
  request.origin = next(rest);
  request.fetch_site = next(rest);
  request.content_type = next(rest);
  request.token = session_cookie(next(rest));
  request.proof = next(rest);
  request.body = std::string(rest);
  if (!read_target(target, request).ok()) return 0;
  int answers = 0;
  management.handle(std::move(request), 4700, [&](const WebAnswer& answer) {
    ++answers;
    if (answer.status < 400) std::abort();
  });
  if (answers != 1 || visual_check.armed()) std::abort();
  // The reader's end of the desk eats what the link brings.
  const auto message = parse_json({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (message.ok() && message->is_object()) desk.message(message->get_object());
  return 0;
}
