#include "management/reader_desk.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <shogo/base/json_reader.h>
#include <shogo/reference/update_words.h>

namespace shogo::agent {
namespace {

constexpr std::size_t kLongestWord = 64;

/// What the reader says of itself is shown to staff: short, and nothing that a page or a log could trip over.
std::string plain_word(const Result<std::string>& text) {
  if (!text.ok() || text->size() > kLongestWord) return {};
  const bool plain = std::all_of(text->begin(), text->end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ' ' || c == '+' || c == ':' || c == '/';
  });
  return plain ? *text : std::string();
}

}  // namespace

void ReaderDesk::connected() {
  const std::lock_guard lock(mutex_);
  const bool there = status_.card_reader;
  const std::int64_t starts = status_.starts;
  auto last_update = std::move(status_.last_update);
  status_ = ReaderStatus{};
  status_.last_update = std::move(last_update);
  reader_versions_.clear();
  status_.connected = true;
  status_.phase = "unknown";
  status_.card_reader = there;
  status_.starts = starts + 1;
  settings_.reset();
  picture_ = MirrorPicture{};
  growing_.clear();
  mirror_until_.reset();
}

void ReaderDesk::lost() {
  std::map<std::int64_t, Waiting> nobody_answers;
  {
    const std::lock_guard lock(mutex_);
    status_.connected = false;
    reader_versions_.clear();
    status_.phase.clear();
    status_.fault.clear();
    // A picture of a reader that is gone would be a lie.
    picture_ = MirrorPicture{};
    mirror_until_.reset();
    nobody_answers.swap(waiting_);
  }
  for (auto& [request, one] : nobody_answers)
    one.done(one.restarts ? Result<void>()
                          : Error{Code::kUnavailable, "the reader is not connected any more"});
}

void ReaderDesk::card_reader(bool there) {
  const std::lock_guard lock(mutex_);
  status_.card_reader = there;
}

void ReaderDesk::message(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto type = object->string("type");
  if (!type.ok()) return;
  if (*type == "hello") {
    const std::lock_guard lock(mutex_);
    status_.serial = plain_word(object->string("serial"));
    status_.firmware = plain_word(object->string("fw"));
  } else if (*type == "activity") {
    const std::string phase = plain_word(object->string("phase"));
    const std::lock_guard lock(mutex_);
    status_.phase =
        std::find(std::begin(kPhases), std::end(kPhases), phase) != std::end(kPhases) ? phase : "unknown";
    status_.fault = plain_word(object->string("fault"));
    status_.language = plain_word(object->string("lang"));
  } else if (*type == "settings") {
    const json::value* given = body.if_contains("settings");
    if (given == nullptr || !given->is_object()) return;
    const std::lock_guard lock(mutex_);
    settings_ = given->get_object();
  } else if (*type == "done") {
    answered(body);
  } else if (*type == "mirror_part") {
    take_picture(body);
  } else if (*type == "update_result") {
    take_outcome(body);
  } else if (*type == "versions") {
    const std::lock_guard lock(mutex_);
    take_versions(body, reader_versions_);
  }
}

void ReaderDesk::told_reader(const boost::json::object& body) {
  const json::value* type = body.if_contains("type");
  if (type == nullptr) return;
  if (*type == "update") take_outcome(body);
  if (*type != "versions") return;
  const std::lock_guard lock(mutex_);
  take_versions(body, own_versions_);
}

void ReaderDesk::take_outcome(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto word = [&](const auto& table, std::string_view key) {
    const auto given = object->string(key);
    return std::string(reference::known_word(table, given.ok() ? *given : ""));
  };
  UpdateOutcome outcome{word(reference::kUpdateKinds, "kind"), plain_word(object->string("version")),
                        word(reference::kUpdateOutcomes, "outcome"),
                        word(reference::kUpdateReasons, "reason"), format_jst(clock_.wall_now())};
  if (outcome.outcome == "known") return;
  const std::lock_guard lock(mutex_);
  status_.last_update = std::move(outcome);
}

void ReaderDesk::take_versions(const boost::json::object& body, std::map<std::string, std::string>& mine) {
  const json::value document = body;
  const auto parts = JsonObject::of(document, "reader link")->objects("parts");
  mine.clear();
  if (!parts.ok()) return;
  for (const JsonObject& part : *parts) {
    const auto name = part.string("part");
    mine[std::string(reference::known_word(reference::kUpdateKinds, name.ok() ? *name : ""))] =
        plain_word(part.string("version"));
  }
}

void ReaderDesk::answered(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto request = object->integer("request");
  const auto error = object->string("error");
  if (!request.ok()) return;
  Done done;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(*request);
    if (found == waiting_.end()) return;
    done = std::move(found->second.done);
    waiting_.erase(found);
  }
  if (error.ok() && !error->empty()) {
    done(Error{Code::kInvalid, *error});
  } else {
    done({});
  }
}

/// Pictures come in parts, because a message of the link is short.
void ReaderDesk::take_picture(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto seq = object->integer("seq");
  const auto data = object->string("data");
  const auto last = object->boolean("last");
  if (!seq.ok() || !data.ok() || !last.ok() || *seq <= 0) return;
  const auto bytes = from_base64(*data);
  if (!bytes.ok()) return;
  const std::lock_guard lock(mutex_);
  if (*seq != growing_seq_) {
    growing_.clear();
    growing_seq_ = *seq;
  }
  if (growing_.size() + bytes->size() > kLargestPicture) {
    growing_.clear();
    growing_seq_ = 0;
    return;
  }
  growing_.append(as_text(*bytes));
  if (!*last) return;
  constexpr std::string_view kPngMagic = "\x89PNG\r\n\x1a\n";
  if (growing_.compare(0, kPngMagic.size(), kPngMagic) == 0) picture_ = {*seq, std::move(growing_)};
  growing_.clear();
  growing_seq_ = 0;
}

ReaderStatus ReaderDesk::status() const {
  const std::lock_guard lock(mutex_);
  ReaderStatus status = status_;
  status.versions = own_versions_;
  status.versions.insert(reader_versions_.begin(), reader_versions_.end());
  return status;
}

std::optional<boost::json::object> ReaderDesk::settings() const {
  const std::lock_guard lock(mutex_);
  if (!status_.connected) return std::nullopt;
  return settings_;
}

void ReaderDesk::ask(boost::json::object body, Done done, bool restarts) {
  {
    const std::lock_guard lock(mutex_);
    if (status_.connected) {
      body["request"] = next_request_;
      waiting_[next_request_++] = {clock_.now() + kAnswerLimit, std::move(done), restarts};
      done = nullptr;
    }
  }
  if (done) return done(Error{Code::kUnavailable, "the reader is not connected"});
  send_(std::move(body));
}

void ReaderDesk::change_settings(boost::json::object changes, Done done) {
  ask({{"type", "set_settings"}, {"settings", std::move(changes)}}, std::move(done));
}

void ReaderDesk::restart(Done done) {
  ask({{"type", "restart"}}, std::move(done), true);
}

MirrorPicture ReaderDesk::mirror() {
  bool begins = false;
  MirrorPicture picture;
  {
    const std::lock_guard lock(mutex_);
    if (!status_.connected) return {};
    begins = !mirror_until_;
    mirror_until_ = clock_.now() + kMirrorLease;
    picture = picture_;
  }
  if (begins) send_({{"type", "mirror"}, {"on", true}});
  return picture;
}

void ReaderDesk::look_at_the_clock() {
  std::vector<Done> too_late;
  bool ends = false;
  {
    const std::lock_guard lock(mutex_);
    const Nanoseconds now = clock_.now();
    for (auto one = waiting_.begin(); one != waiting_.end();) {
      if (one->second.until > now) {
        ++one;
        continue;
      }
      too_late.push_back(std::move(one->second.done));
      one = waiting_.erase(one);
    }
    if (mirror_until_ && *mirror_until_ <= now) {
      mirror_until_.reset();
      picture_ = MirrorPicture{};
      ends = true;
    }
  }
  if (ends) send_({{"type", "mirror"}, {"on", false}});
  for (Done& done : too_late) done(Error{Code::kTimeout, "the reader did not answer"});
}

}  // namespace shogo::agent
