#include "agent.h"

#include <cstring>
#include <utility>

#include <shogo/base/json_reader.h>
#include <shogo/base/secret.h>

namespace shogo::agent {
namespace {

constexpr const char* kAgentName = "shogo-host-agent 0.1.0";

std::string_view kind_name(CardKind kind) {
  switch (kind) {
    case CardKind::kNone:
      return "none";
    case CardKind::kMyNumber:
      return "my_number";
    case CardKind::kAndroid:
      return "phone_android";
    case CardKind::kIphone:
      return "phone_iphone";
    case CardKind::kOther:
      return "other";
    case CardKind::kUnreadable:
      return "unreadable";
  }
  return "none";
}

std::string_view notice_name(std::int32_t notice) {
  return notice == SHOGO_FUND_NOTICE_EXPIRES_SOON ? "expires_soon"
         : notice == SHOGO_FUND_NOTICE_GRACE      ? "grace"
                                                  : "none";
}

std::string_view change_name(VisualCheck::Change change) {
  switch (change) {
    case VisualCheck::Change::kArmed:
      return "armed";
    case VisualCheck::Change::kDisarmed:
      return "disarmed";
    case VisualCheck::Change::kUsed:
      return "used";
    case VisualCheck::Change::kExpired:
      return "expired";
  }
  return "expired";
}

std::string_view text_of(const char* field, std::size_t room) {
  return {field, ::strnlen(field, room)};
}

/// Check-up results exist for people of 40 and more. A birth date that is none is nobody's.
bool is_over_40(std::string_view birth_date, Nanoseconds today) {
  const std::string now = format_jst(today);  // 2026-04-01T…
  std::string forty;
  for (const char c : now.substr(0, 10))
    if (c != '-') forty += c;
  const bool digits = birth_date.size() == 8 && birth_date.find_first_not_of("0123456789") == birth_date.npos;
  if (!digits || forty.size() != 8) return false;
  // Digit by digit: a text of its own would leave a copy on the stack (3-16).
  long born = 0;
  for (const char c : birth_date) born = 10 * born + (c - '0');
  return born + 40'0000 <= std::stol(forty);
}

/// Libraries leave texts behind in buffers on the stack of whoever called them (3-16): what lies below the
/// caller's own frame is overwritten, deeper than any of them goes.
[[gnu::noinline]] void sweep_stack() {
  constexpr std::size_t kDeep = 128 * 1'024;
  std::uint8_t dead[kDeep];
  wipe(dead, sizeof dead);
}

}  // namespace

Agent::Agent(CardChannel& card, FundOperations fund, Hooks hooks, const ResultFolder& results, Clock& clock,
             Log& log, Send send, const KnownCards* cards)
    : card_(card),
      hooks_(std::move(hooks)),
      fund_(hooks_.fund(std::move(fund))),
      results_(results),
      clock_(clock),
      log_(log),
      send_(std::move(send)),
      cards_(cards),
      visual_check_(clock_, [this](VisualCheck::Change change) { visual_check_changed(change); }),
      worker_([this] { run(); }) {}

Agent::~Agent() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    call_back();
  }
  changed_.notify_all();
  worker_.join();
}

void Agent::reader_connected() {
  send_({{"type", "hello"}, {"agent", kAgentName}});
  send_card_reader();
  send_visual_check();
  send_card();
}

void Agent::reader_lost() {
  const std::lock_guard lock(mutex_);
  announced_.reset();
  waiting_.reset();
  identified_.reset();
  checked_session_.reset();
  call_back();
}

/// Nobody waits for what is under way: its PIN must not wait for the server either (3-16). With the lock
/// held.
void Agent::call_back() {
  if (!working_) return;
  working_->called_back = true;
  fund_.cancel();
}

void Agent::card_changed(CardKind kind) {
  {
    const std::lock_guard lock(mutex_);
    present_ = hooks_.card_kind(kind);
    if (kind == CardKind::kNone) checked_session_.reset();
  }
  send_card();
}

void Agent::card_reader(bool there) {
  {
    const std::lock_guard lock(mutex_);
    if (reader_there_ == there) return;
    reader_there_ = there;
  }
  send_card_reader();
}

void Agent::send_card_reader() {
  bool there = true;
  {
    const std::lock_guard lock(mutex_);
    there = reader_there_;
  }
  send_({{"type", "card_reader"}, {"present", there}});
}

void Agent::send_card() {
  CardKind kind = CardKind::kNone;
  {
    const std::lock_guard lock(mutex_);
    kind = present_;
  }
  send_({{"type", "card"}, {"present", kind != CardKind::kNone}, {"kind", kind_name(kind)}});
}

void Agent::face_matched(std::int64_t session) {
  const std::lock_guard lock(mutex_);
  checked_session_ = session;
}

void Agent::visual_check_changed(VisualCheck::Change change) {
  {
    const std::lock_guard lock(mutex_);
    check_moved_ = true;
  }
  changed_.notify_all();
  log_.write("visual_check", {{"state", PublicText::from_table(change_name(change))}});
  send_visual_check();
}

/// The reader only needs to know whether the next card may go on without PIN; whether it does is decided
/// here.
void Agent::send_visual_check() {
  send_({{"type", "visual_check"}, {"armed", hooks_.person_checked(visual_check_.armed())}});
}

void Agent::message(contract::LinkMessage message) {
  if (message.is_pin()) {
    std::optional<Job> job;
    {
      const std::lock_guard lock(mutex_);
      // A PIN without its authenticate, or of another session, goes nowhere: its Secret ends here.
      if (announced_ && static_cast<std::uint64_t>(announced_->session) == message.session)
        job = std::move(announced_);
      announced_.reset();
    }
    if (!job) {
      log_.write("message_refused", {{"what", "pin"}});
      return;
    }
    job->pin = std::move(message.pin);
    enqueue(std::move(*job));
    return;
  }
  const json::value body = message.body;
  const auto object = JsonObject::of(body, "reader link");
  const auto type = object->string("type");
  const auto session = object->integer("session");
  if (!type.ok()) return;
  if (*type == "pin_status" && session.ok()) {
    enqueue(Job{*session, "pin_status", {}});
  } else if (*type == "authenticate" && session.ok()) {
    const auto operation = object->string("operation");
    const auto without_pin = object->boolean("without_pin");
    Job job{*session, operation.ok() ? *operation : "", {}};
    const bool waits = !without_pin.ok() || !*without_pin;
    {
      const std::lock_guard lock(mutex_);
      announced_.reset();
      if (waits) announced_ = std::move(job);
    }
    if (!waits) enqueue(std::move(job));
  } else if (*type == "connectivity" && session.ok()) {
    enqueue(Job{*session, "connectivity", {}});
  } else if (*type == "hand_over" && session.ok()) {
    hand_over(*session, message.body);
  } else if (*type == "staff_call") {
    log_.write("staff_call");
  } else if (*type == "end") {
    const std::lock_guard lock(mutex_);
    announced_.reset();
    waiting_.reset();
    identified_.reset();
    checked_session_.reset();
    if (working_ && session.ok() && working_->session == *session) call_back();
  }
  if (*type == "hello") {
    // 3-17: which reader, with which firmware; what is no public text is not written down.
    const auto text = [&](const char* key) {
      const auto given = object->string(key);
      const auto gate = given.ok() ? PublicText::device_identity(*given) : PublicText::from_table("unnamed");
      return gate.ok() ? *gate : PublicText::from_table("unnamed");
    };
    log_.write("reader_connected", {{"serial", text("serial")}, {"firmware", text("fw")}});
  }
  // hello and heartbeat need no answer; unknown types are a newer reader's business.
  hooks_.unknown_message(message.body, send_);
}

void Agent::enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(job);
  }
  changed_.notify_all();
}

void Agent::run() {
  const ClockThread here(clock_);
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      const milliseconds armed = visual_check_.left();
      clock_.wait_for(lock, changed_, armed.count() > 0 ? Nanoseconds(armed) : kForever,
                      [&] { return stopping_ || waiting_ || check_moved_; });
      if (stopping_) return;
      check_moved_ = false;
      lock.unlock();
      visual_check_.look_at_the_clock();
      lock.lock();
      if (!waiting_) continue;
      job = std::move(*waiting_);
      waiting_.reset();
      working_ = Working{job.session, false};
    }
    if (job.operation == "pin_status") {
      answer_pin_status(job);
    } else if (job.operation == "connectivity") {
      answer_connectivity(job);
    } else if (job.operation == "pin_eligibility") {
      authenticate(job, fund_.pin_eligibility);
    } else if (job.operation == "pin_registration") {
      authenticate(job, fund_.pin_registration);
    } else if (job.operation == "phone_eligibility") {
      authenticate(job, fund_.phone_eligibility);
    } else if (job.operation == "pinless_eligibility") {
      authenticate_without_pin(job, fund_.pinless_eligibility);
    } else if (job.operation == "pinless_registration") {
      authenticate_without_pin(job, fund_.pinless_registration);
    } else {
      send_result(job, SHOGO_FUND_UNSUPPORTED, FundPerson());
    }
    sweep_stack();
    const std::lock_guard lock(mutex_);
    working_.reset();
  }
}

void Agent::answer_pin_status(const Job& job) {
  Result<PinStatus> status = Error{Code::kUnavailable, "no card"};
  const auto used = card_.with_card([&](const Transmit& send) {
    status = pin_status(send, cards_ == nullptr ? built_in_profiles() : *cards_->get());
  });
  if (!used.ok() || !status.ok()) {
    const Code code = used.ok() ? status.error().code() : used.error().code();
    const FundPerson nobody;
    send_result(job,
                code == Code::kCorrupt       ? SHOGO_FUND_CARD_ERROR
                : code == Code::kUnsupported ? SHOGO_FUND_CARD_UNSUPPORTED
                                             : SHOGO_FUND_CARD_REMOVED,
                nobody);
    return;
  }
  const PinStatus told = hooks_.pin_status(*status);
  send_({{"type", "pin_status"},
         {"session", job.session},
         {"tries_left", told.tries_left},
         {"locked", told.locked}});
}

void Agent::answer_connectivity(const Job& job) {
  const shogo_fund_status status = fund_.connectivity ? fund_.connectivity() : SHOGO_FUND_UNSUPPORTED;
  const std::string_view reason = reason_of(status);
  log_.write("connectivity", {{"reason", PublicText::from_table(reason)}});
  send_({{"type", "connectivity"}, {"session", job.session}, {"reason", reason}});
}

/// Not a job: the end of the session comes right behind it and would sweep it away.
void Agent::hand_over(std::int64_t session, const json::object& body) {
  std::optional<Identified> who;
  {
    const std::lock_guard lock(mutex_);
    if (identified_ && identified_->session == session) who = std::exchange(identified_, std::nullopt);
  }
  bool kept = false;
  const json::value* given = body.if_contains("answers");
  if (who && given != nullptr && given->is_object()) {
    Answers answers;
    for (const auto& [question, answer] : given->get_object())
      if (answer.is_string()) answers.emplace(question, answer.get_string());
    const json::value* chosen = body.if_contains("chosen");
    const PaperIds papers = chosen != nullptr && chosen->is_object()
                                ? chosen_papers(chosen->get_object(), who->offered)
                                : PaperIds();
    kept = results_.keep(session, who->reference, answers, papers).ok();
  }
  log_.write("hand_over", {{"kept", kept}});
  send_({{"type", "handed_over"}, {"session", session}, {"kept", kept}});
}

void Agent::authenticate(const Job& job, const FundOperation& operation) {
  FundPerson person;
  shogo_fund_status status = SHOGO_FUND_CARD_REMOVED;
  const auto used = card_.with_card([&](const Transmit& send) {
    const Transmit hooked = [&](ByteView command) -> Result<Bytes> {
      {
        const std::lock_guard lock(mutex_);
        if (working_->called_back) return Error{Code::kCancelled, "the session has ended"};
      }
      return hooks_.transmit(command, send);
    };
    {
      const OutsideCall library(clock_);
      status = hooks_.status(operation(hooked, job.pin.expose(), person));
    }
    if (status == SHOGO_FUND_OK) hooks_.after_success(person, send);
  });
  if (!used.ok() && used.error().code() == Code::kCorrupt) status = SHOGO_FUND_CARD_ERROR;
  send_result(job, status, person);
}

void Agent::authenticate_without_pin(const Job& job, const FundOperation& operation) {
  const auto checked = [&] {
    const std::lock_guard lock(mutex_);
    return checked_session_ == job.session;
  };
  bool allowed = checked();
  if (!allowed && visual_check_.take()) {
    face_matched(job.session);
    allowed = true;
  }
  if (hooks_.person_checked(allowed)) {
    authenticate(job, operation);
  } else {
    send_result(job, "not_checked", FundPerson());
  }
}

void Agent::send_result(const Job& job, shogo_fund_status status, const FundPerson& person) {
  send_result(job, reason_of(status), person);
}

void Agent::send_result(const Job& job, std::string_view reason, const FundPerson& person) {
  const bool ok = reason == reason_of(SHOGO_FUND_OK);
  log_.write(
      "result",
      {{"operation", PublicText::from_table(job.operation == "pin_status" ? "pin_status" : "authenticate")},
       {"ok", ok},
       {"reason", PublicText::from_table(reason)}});
  const auto& data = person.data;
  const std::string reference(text_of(data.reference, sizeof data.reference));
  if (ok) {
    const std::lock_guard lock(mutex_);
    identified_ = Identified{job.session, reference, paper_ids(data)};
  }
  // Name and birth date stay here: the reader shows neither, and asks by what it is told. Which certificates,
  // prescriptions and letters there are it must show, so that the patient can choose. Records cannot be
  // looked at once the certificate has ended (docs/reader.md).
  send_({{"type", "result"},
         {"session", job.session},
         {"outcome", ok ? "ok" : "ng"},
         {"reason", reason},
         {"tries_left", data.tries_left},
         {"reference", reference},
         {"records", ok && data.notice != SHOGO_FUND_NOTICE_GRACE},
         {"over_40", ok && is_over_40(text_of(data.birth_date, sizeof data.birth_date), clock_.wall_now())},
         {"notice", ok ? notice_name(data.notice) : "none"},
         {"papers", ok ? papers_for_reader(data) : json::array()}});
}

}  // namespace shogo::agent
