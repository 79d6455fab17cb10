#include "agent.h"

#include <cstring>

#include <shogo/base/json_reader.h>

namespace shogo::agent {
namespace {

constexpr const char* kAgentName = "shogo-host-agent 0.1.0";

std::string_view kind_name(CardKind kind) {
  switch (kind) {
    case CardKind::kNone:
      return "none";
    case CardKind::kMyNumber:
      return "my_number";
    case CardKind::kOther:
      return "other";
    case CardKind::kUnreadable:
      return "unreadable";
  }
  return "none";
}

}  // namespace

Agent::Agent(CardChannel& card, FundOperations fund, Hooks hooks, Log& log, Send send)
    : card_(card),
      fund_(std::move(fund)),
      hooks_(std::move(hooks)),
      log_(log),
      send_(std::move(send)),
      worker_([this] { run(); }) {}

Agent::~Agent() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

void Agent::reader_connected() {
  send_({{"type", "hello"}, {"agent", kAgentName}});
  send_card();
}

void Agent::reader_lost() {
  const std::lock_guard lock(mutex_);
  announced_.reset();
  waiting_.reset();
}

void Agent::card_changed(CardKind kind) {
  {
    const std::lock_guard lock(mutex_);
    present_ = kind;
  }
  send_card();
}

void Agent::send_card() {
  CardKind kind = CardKind::kNone;
  {
    const std::lock_guard lock(mutex_);
    kind = present_;
  }
  send_({{"type", "card"}, {"present", kind != CardKind::kNone}, {"kind", kind_name(kind)}});
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
    if (!job) return;
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
    const std::lock_guard lock(mutex_);
    announced_ = Job{*session, operation.ok() ? *operation : "", {}};
  } else if (*type == "end") {
    const std::lock_guard lock(mutex_);
    announced_.reset();
    waiting_.reset();
  }
  // hello and heartbeat need no answer; unknown types are a newer reader's business.
}

void Agent::enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(job);
  }
  changed_.notify_all();
}

void Agent::run() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopping_ || waiting_.has_value(); });
      if (stopping_) return;
      job = std::move(*waiting_);
      waiting_.reset();
    }
    if (job.operation == "pin_status") {
      answer_pin_status(job);
    } else if (job.operation == "pin_eligibility") {
      authenticate(job, fund_.pin_eligibility);
    } else if (job.operation == "pin_registration") {
      authenticate(job, fund_.pin_registration);
    } else {
      send_result(job, SHOGO_FUND_UNSUPPORTED, FundPerson());
    }
  }
}

void Agent::answer_pin_status(const Job& job) {
  Result<PinStatus> status = Error{Code::kUnavailable, "no card"};
  const auto used = card_.with_card([&](const Transmit& send) { status = pin_status(send); });
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

void Agent::authenticate(const Job& job, const FundOperation& operation) {
  FundPerson person;
  shogo_fund_status status = SHOGO_FUND_CARD_REMOVED;
  const auto used = card_.with_card([&](const Transmit& send) {
    const Transmit hooked = [&](ByteView command) { return hooks_.transmit(command, send); };
    status = hooks_.status(operation(hooked, job.pin.expose(), person));
    if (status == SHOGO_FUND_OK) hooks_.after_success(person, send);
  });
  if (!used.ok() && used.error().code() == Code::kCorrupt) status = SHOGO_FUND_CARD_ERROR;
  send_result(job, status, person);
}

void Agent::send_result(const Job& job, shogo_fund_status status, const FundPerson& person) {
  const std::string_view reason = reason_of(status);
  log_.write(
      "result",
      {{"operation", PublicText::from_table(job.operation == "pin_status" ? "pin_status" : "authenticate")},
       {"ok", status == SHOGO_FUND_OK},
       {"reason", PublicText::from_table(reason)}});
  // Name and birth date stay here: the reader shows neither.
  send_({{"type", "result"},
         {"session", job.session},
         {"outcome", status == SHOGO_FUND_OK ? "ok" : "ng"},
         {"reason", reason},
         {"tries_left", person.data.tries_left},
         {"reference", std::string(person.data.reference,
                                   ::strnlen(person.data.reference, sizeof person.data.reference))}});
}

}  // namespace shogo::agent
