// Transcripts for judges, written down the way a stage would have recorded them:
//
//   TranscriptBuilder t;
//   t.step("wrong_pin").tries(3).verify(4, 0x63C2).tries(2).end();
//   EXPECT_EQ(judge_single_verify(t.build(), context_of("3-11.d")).verdict, Verdict::kPass);
//
// Every event comes a millisecond after the one before.
#pragma once

#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include <shogo/conformance/check.h>
#include <shogo/conformance/transcript.h>

namespace shogo::conformance {

class TranscriptBuilder {
 public:
  TranscriptBuilder& add(std::string_view source, std::string_view kind, boost::json::object data = {},
                         std::string blob = "") {
    transcript_.add({next_ns_, std::string(source), std::string(kind), std::move(data), std::move(blob)});
    next_ns_ += 1'000'000;
    return *this;
  }
  /// Nothing happens for so long, beyond the usual millisecond.
  TranscriptBuilder& later(std::int64_t milliseconds) {
    next_ns_ += milliseconds * 1'000'000;
    return *this;
  }
  /// The same with a file beside it.
  TranscriptBuilder& file(std::string_view source, std::string_view kind, boost::json::object data,
                          std::string_view stem, std::string_view extension, Bytes bytes) {
    return add(source, kind, std::move(data), transcript_.keep(stem, extension, std::move(bytes)));
  }

  /// The next event comes at this time of the case.
  TranscriptBuilder& at_ms(double ms) {
    next_ns_ = static_cast<std::int64_t>(ms * 1e6);
    return *this;
  }
  /// Traffic on the reader link: "connected", "bytes" or "closed".
  TranscriptBuilder& link(std::string_view kind, int connection, std::string_view from = "reader") {
    boost::json::object data{{"line", "reader_link"}, {"connection", connection}};
    if (kind == "bytes") data["from"] = from;
    if (kind == "closed") data["by"] = from;
    return add(source::kNet, kind, std::move(data));
  }

  TranscriptBuilder& step(std::string_view name, boost::json::object more = {}) {
    more["name"] = name;
    return add(source::kStimulus, "step", std::move(more));
  }
  /// The script was played to its end.
  TranscriptBuilder& end() { return add(source::kStimulus, "script_end"); }

  TranscriptBuilder& apdu(int ins, int body_size, int sw) {
    return add(source::kCard, "apdu", {{"cla", 0}, {"ins", ins}, {"body_size", body_size}, {"sw", sw}});
  }
  TranscriptBuilder& verify(int body_size, int sw) { return apdu(0x20, body_size, sw); }
  TranscriptBuilder& sign(int sw = 0x9000) { return apdu(0x2A, 51, sw); }
  TranscriptBuilder& tries(int left) { return add(source::kCard, "tries", {{"auth_pin", left}}); }
  TranscriptBuilder& server(std::string_view path, std::string_view outcome, bool signature_ok = false) {
    return add(source::kServer, "request",
               {{"path", path}, {"outcome", outcome}, {"signature_ok", signature_ok}});
  }
  TranscriptBuilder& state(std::string_view name, std::string_view substate = "") {
    boost::json::object data{{"name", name}};
    if (!substate.empty()) data["substate"] = substate;
    return add(source::kDevice, "state", std::move(data));
  }
  TranscriptBuilder& result(std::string_view outcome, std::string_view reason) {
    return add(source::kDevice, "result", {{"outcome", outcome}, {"reason", reason}});
  }
  TranscriptBuilder& frame(std::string_view name, Bytes png) {
    return file(source::kDevice, "frame", {{"name", name}}, name, "png", std::move(png));
  }

  [[nodiscard]] const Transcript& build() const { return transcript_; }

 private:
  Transcript transcript_;
  std::int64_t next_ns_ = 0;
};

/// The clause's numbers as the catalogue has them: a test with numbers of its own would not notice when judge
/// and catalogue disagree.
inline CheckContext context_of(const std::string& clause) {
  const std::string item = clause.substr(0, clause.find('.'));
  std::ifstream in(SHOGO_SOURCE_DIR "/conformance/catalogue/items/" + item + ".json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  CheckContext context;
  context.clause = clause;
  context.profile = "quick";
  const boost::json::value catalogue = boost::json::parse(text);
  for (const auto& entry : catalogue.at("clauses").as_array()) {
    if (entry.at("id").as_string() != clause) continue;
    for (const auto& number : entry.at("numbers").as_array())
      context.numbers[std::string(number.at("name").as_string())] = number.at("value").to_number<double>();
    return context;
  }
  throw std::out_of_range("the catalogue has no clause " + clause);
}

}  // namespace shogo::conformance
