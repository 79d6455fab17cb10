#include "reader.h"

#include "camera/camera_view.h"
#include "faults.h"
#include "ui/screens.h"
#include "version.h"
#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/core.h>
#include <sys/random.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

constexpr milliseconds kAnswerLimit{15'000};  // longer than the host agent waits for card and server

/// The step that has been passed by whoever sees a page of this step.
constexpr int kCardStep = 1;
constexpr int kIdentityStep = 2;
constexpr int kConsentStep = 3;

std::uint64_t seed_of_the_system() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof seed, 0) != static_cast<ssize_t>(sizeof seed))
    throw std::runtime_error(
        "the operating system gives no random bytes");  // a guessable layout protects nobody
  return seed;
}

}  // namespace

Reader::Reader(Panel panel, Fonts& fonts, Hooks hooks, std::uint64_t seed, Clock& clock, Log& log)
    : panel_(std::move(panel)),
      fonts_(fonts),
      hooks_(std::move(hooks)),
      clock_(clock),
      log_(log),
      state_(journey_.initial()),
      seed_(seed),
      rng_(hooks_.seed(seed == 0 ? seed_of_the_system() : seed), "keypad") {}

void Reader::reseed(std::uint64_t seed) {
  seed_ = seed;
  rng_ = Rng(hooks_.seed(seed == 0 ? seed_of_the_system() : seed), "keypad");
}

void Reader::apply(const Settings& settings) {
  const bool other_poll = settings.update_poll_ms != settings_.update_poll_ms;
  const bool renamed = settings.clinic_name != settings_.clinic_name ||
                       settings.text_idle != settings_.text_idle ||
                       settings.text_done != settings_.text_done || settings.languages != settings_.languages;
  settings_ = settings;
  log_.write("settings", {{"random_keypad", settings.random_keypad},
                          {"idle_timeout_ms", settings.idle_timeout_ms},
                          {"heartbeat_ms", settings.heartbeat_ms},
                          {"reconnect_longest_ms", settings.reconnect_longest_ms}});
  speaker_.set_volume(hooks_.volume(static_cast<int>(settings.volume)));
  outlets_.settings_changed(settings);
  if (other_poll) tell_update_poll();
  rearm();
  const bool offered =
      std::find(settings.languages.begin(), settings.languages.end(), language_) != settings.languages.end();
  if (!offered) language_ = kLanguages[0].first;
  if (renamed) redraw();
  if (!offered) {
    outlets_.notify("state", state_message());
    tell_activity();
  }
  tell_settings();
}

// --- the loop

void Reader::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.push_back(std::move(work));
  }
  changed_.notify_all();
}

void Reader::run_on_loop(const std::function<void()>& work) {
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  // Work that comes too late is dropped, and its promise with it: that ends the wait as well.
  post([work, done = std::move(done)] {
    work();
    done->set_value();
  });
  finished.wait();
}

void Reader::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

void Reader::run() {
  const ClockThread here(clock_);
  redraw();
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto ready = [&] { return stopping_ || !queue_.empty(); };
    if (const auto due = next_due()) {
      const Nanoseconds left = *due - clock_.now();
      if (left.count() <= 0 || !clock_.wait_for(lock, changed_, left, ready)) {
        lock.unlock();
        hand_out_sound();
        if (const auto view = next_camera_view(); view && *view <= clock_.now()) redraw();
        if (deadline_ && *deadline_ <= clock_.now()) {
          time_out();
          look_after_itself();
        }
        lock.lock();
        continue;
      }
    } else {
      clock_.wait_for(lock, changed_, kForever, ready);
    }
    if (queue_.empty()) break;  // stopping, and everybody who waits has been served
    auto work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    look_after_itself();
    lock.lock();
  }
  pin_.clear();
}

std::optional<Nanoseconds> Reader::next_due() const {
  std::optional<Nanoseconds> first;
  for (const auto& due : {deadline_, speaker_.due(), next_camera_view()})
    if (due && (!first || *due < *first)) first = due;
  return first;
}

void Reader::rearm() {
  ending_soon_ = false;
  switch (journey_.state(state_).wait) {
    case Wait::kNone:
      deadline_.reset();
      break;
    case Wait::kIdle:
      // Two thirds in peace; then the page says that it is going to end (WCAG 2.2.1, 3-10).
      deadline_ =
          clock_.now() + Nanoseconds(hooks_.time_limit(milliseconds(settings_.idle_timeout_ms))) * 2 / 3;
      break;
    case Wait::kReminder:
      deadline_ = clock_.now() + milliseconds(settings_.reminder_ms);
      break;
    case Wait::kAnswer:
      deadline_ = clock_.now() + kAnswerLimit;
      break;
  }
}

void Reader::time_out() {
  const Wait wait = journey_.state(state_).wait;
  deadline_.reset();
  if (wait == Wait::kIdle && !ending_soon_) {
    const Nanoseconds limit = hooks_.time_limit(milliseconds(settings_.idle_timeout_ms));
    deadline_ = clock_.now() + limit - limit * 2 / 3;
    ending_soon_ = true;
    redraw();
    say({messages_.word("ending_soon", language_)}, Speaker::Urgency::kAfter, language_);
    return;
  }
  if (hooks_.agrees_on_timeout && !journey_.state(state_).question.empty() && fire("agree")) return;
  if (wait == Wait::kIdle && hooks_.advances_by_itself) {
    for (const Choice& choice : Screens::built_in().at(journey_.state(state_).screen).choices) {
      if (!choice.enabled) continue;
      fire(choice.event);
      return;
    }
  }
  if (wait == Wait::kIdle && hooks_.sends_on_timeout && !pin_.empty()) {
    act("send_pin");
    enter("verifying");
    return;
  }
  switch (wait) {
    case Wait::kAnswer:
      fire("answer_timeout");
      break;
    case Wait::kReminder:
      fire("reminder");
      break;
    case Wait::kIdle:
    case Wait::kNone:
      fire("timeout");
      break;
  }
}

// --- the journey

Facts Reader::facts() const {
  Facts facts;
  if (hooks_.complete(pin_.size())) facts.insert("pin_complete");
  if (tries_known_) facts.insert("tries_known");
  if (tries_locked_) facts.insert("tries_locked");
  if (card_present_) facts.insert("card_present");
  if (tries_left_ == 1) facts.insert("last_try");
  if (open_ && !reported_) facts.insert("transaction_open");
  if (identified_) facts.insert("answers_open");
  if (answers_.any()) facts.insert("may_go_back");
  const bool by_phone = method_ == Method::kPhone;
  if (by_phone) facts.insert("by_phone");
  if (by_phone && open_ && !reported_) facts.insert("phone_open");
  if (visual_check_) facts.insert("visual_check");
  if (has_camera()) facts.insert("has_camera");
  if (card_kind_ == "phone_android") facts.insert("android_here");
  if (card_kind_ == "phone_iphone") facts.insert("iphone_here");
  return facts;
}

Answers::Facts Reader::needs() const {
  Answers::Facts facts;
  if (identified_) facts.insert("identified");
  if (records_) facts.insert("records");
  if (over_40_) facts.insert("over_40");
  if (notice_ == "expires_soon") facts.insert("notice_soon");
  if (notice_ == "grace") facts.insert("notice_grace");
  for (const auto& [name, member] : kSwitches)
    if (settings_.*member) facts.emplace(name);
  return facts;
}

bool Reader::fire(std::string_view event) {
  if (event == "end" && !hooks_.ends_phone_on_request &&
      journey_.state(state_).state == contract::State::kPhoneTap)
    return false;
  const Transition* transition = journey_.step(state_, event, facts());
  if (transition == nullptr) return false;
  for (const std::string& action : transition->actions) act(action);
  pending_digit_ = -1;
  std::string to = transition->to;
  while (!to.empty() && journey_.state(to).junction) {
    Facts now = facts();
    std::vector<std::string> due;
    for (const Question& question : journey_.questions())
      if (answers_.due(question.name, needs())) due.push_back("due_" + question.name);
    now.insert(due.begin(), due.end());
    const Transition* way = journey_.step(to, kPass, now);
    for (const std::string& action : way->actions) act(action);
    to = way->to;
  }
  if (!to.empty()) {
    enter(to);
  } else {
    rearm();
    redraw();
  }
  // Nothing of a transaction is left by now (act "wipe"); the page only says so.
  if (journey_.state(state_).state == contract::State::kWiping) fire("wiped");
  return true;
}

void Reader::enter(const std::string& state) {
  state_ = state;
  pressed_.clear();
  keypad_gone_ = false;
  first_paper_ = 0;
  const JourneyState& now = journey_.state(state_);
  if (now.state == contract::State::kIdle) {
    // The next patient is somebody else.
    steps_passed_ = 0;
    method_ = Method::kPin;
    language_ = kLanguages[0].first;
  }
  log_.write("state", {{"name", PublicText::from_table(contract::to_string(now.state))},
                       {"substate", PublicText::from_table(now.substate)}});
  rearm();
  // The picture first: whoever hears of a state has its screen.
  redraw();
  outlets_.notify("state", state_message());
  tell_activity();
  // Whoever has just been told the result hears it to the end; then the next patient is greeted.
  announce(now.state == contract::State::kIdle ? Speaker::Urgency::kAfter : Speaker::Urgency::kNow);
  if (idle() && installer_) installer_->now_idle();
  if (idle()) show_waiting_fault();
}

void Reader::check_connectivity(std::function<void(std::string_view)> answer) {
  connectivity_ = std::move(answer);
  outlets_.send({{"type", "connectivity"}, {"session", 0}});
}

boost::json::object Reader::state_message() const {
  const JourneyState& now = journey_.state(state_);
  return {{"name", contract::to_string(now.state)},
          {"screen_id", now.screen},
          {"lang", code_of(language_)},
          {"substate", now.substate}};
}

std::string_view Reader::card_event() const {
  return card_kind_ == "my_number"       ? "card_my_number"
         : card_kind_ == "phone_android" ? "card_android"
         : card_kind_ == "phone_iphone"  ? "card_iphone"
         : card_kind_ == "other"         ? "card_other"
                                         : "card_unreadable";
}

bool Reader::idle() const {
  return journey_.state(state_).state == contract::State::kIdle;
}

void Reader::act(const std::string& action) {
  if (action == "begin_transaction" || action == "begin_phone") {
    method_ = action == "begin_phone" ? Method::kPhone : Method::kPin;
    ++session_;
    hooks_.transaction_begins();
    attempts_ = 0;
    open_ = true;
    reported_ = false;
    steps_passed_ = kCardStep;
    tries_known_ = tries_locked_ = false;
    tries_left_ = -1;
  } else if (action == "ask_tries") {
    outlets_.send({{"type", "pin_status"}, {"session", session_}});
  } else if (action == "new_pin") {
    pin_.clear();
    layout_ = settings_.random_keypad ? hooks_.layout(rng_) : kPlainLayout;
  } else if (action == "type_digit") {
    if (pending_digit_ >= 0)
      pin_.push_back(static_cast<std::uint8_t>('0' + pending_digit_));  // a fifth finds no room
  } else if (action == "delete_digit") {
    pin_.pop_back();
  } else if (action == "clear_pin") {
    pin_.clear();
  } else if (action == "send_pin") {
    ++attempts_;
    send_pin("pin_eligibility");
  } else if (action == "send_phone") {
    ++attempts_;
    send_phone();
  } else if (action == "send_visual") {
    ++attempts_;
    method_ = Method::kVisual;
    send_without_pin("pinless_eligibility");
  } else if (action == "use_card") {
    method_ = Method::kPin;
  } else if (action == "send_registration") {
    send_registration();
  } else if (action.rfind("answer ", 0) == 0) {
    answers_.give(journey_.state(state_).question, action.substr(7));
  } else if (action == "take_back") {
    answers_.take_back();
  } else if (action == "hand_over") {
    hand_over();
  } else if (action == "louder" || action == "softer") {
    set_volume(static_cast<int>(settings_.volume) + (action == "louder" ? 1 : -1));
  } else if (action == "call_staff") {
    outlets_.send({{"type", "staff_call"}, {"session", session_}});
  } else if (action == "wipe") {
    pin_.clear();
    close_transaction();
    tries_known_ = tries_locked_ = false;
    tries_left_ = -1;
    layout_ = kPlainLayout;
    identified_ = records_ = over_40_ = false;
    notice_.clear();
    papers_.clear();
    answers_.clear();
  } else if (action.rfind("report ", 0) == 0) {
    const std::size_t blank = action.find(' ', 7);
    report(action.substr(7, blank - 7), action.substr(blank + 1));
  }
}

/// Once: what the clinic was told first counts. A question without an answer goes as "none".
void Reader::hand_over() {
  if (!identified_) return;
  boost::json::object given;
  for (const auto& [question, answer] : answers_.result(needs()))
    given[question] = answer == "none" ? hooks_.unanswered : answer;
  identified_ = false;
  outlets_.send({{"type", "hand_over"},
                 {"session", session_},
                 {"answers", std::move(given)},
                 {"chosen", papers_.chosen()}});
}

void Reader::close_transaction() {
  if (open_) outlets_.send({{"type", "end"}, {"session", session_}});
  open_ = false;
}

void Reader::report(const std::string& outcome, const std::string& reason) {
  if (!open_ || reported_) return;  // once a transaction: what the patient was told first counts
  reported_ = true;
  if (outcome == "ok") {
    identified_ = just_identified_ = true;
    steps_passed_ = kIdentityStep;
  } else {
    close_transaction();
  }
  // A session that a fault of the device itself has ended is part of that fault's record.
  if (outcome != "ok" && !host_away_ && !reader_lost_) record_fault(reason);
  log_.write("result",
             {{"method", PublicText::from_table(method_name())},
              {"outcome", PublicText::from_table(in_table(kOutcomes, outcome).value_or("ng"))},
              {"reason", PublicText::from_table(in_table(kReasons, reason).value_or("server_error"))},
              {"attempts", attempts_}});
  outlets_.notify("result", {{"session", fmt::format("{}", session_)},
                             {"method", method_name()},
                             {"outcome", outcome},
                             {"reason", reason},
                             {"attempts", attempts_}});
}

void Reader::host_up() {
  host_away_ = false;
  // 3-17: who connected, with its firmware.
  if (hooks_.logs_firmware)
    log_.write("link_up", {{"serial", PublicText::from_table(kSerial)},
                           {"firmware", PublicText::from_table(kFirmware)}});
  else
    log_.write("link_up", {{"serial", PublicText::from_table(kSerial)}});
  tell_staff_everything();
  if (settings_.update_poll_ms != kDefaultUpdatePoll_ms) tell_update_poll();
  fire("host_connected");
}

void Reader::host_gone(std::string_view reason) {
  host_away_ = true;
  reader_lost_ = visual_check_ = false;  // the host tells again when it is back
  if (hooks_.logs_disconnect) log_.write("link_down", {{"reason", PublicText::from_table(reason)}});
  record_fault("host_lost");
  // Who knows what happened to the card meanwhile: the host tells again when it is back.
  card_present_ = false;
  card_kind_.clear();
  fire("host_lost");
}

void Reader::host_message(const boost::json::object& body) {
  const boost::json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto type = object->string("type");
  if (const auto sound = hooks_.sound_of_host(body))
    (void)speaker_.say(*sound, Speaker::Urgency::kAfter, clock_.now());
  if (!type.ok() || staff_message(body)) return;
  if (*type == "card") {
    const auto present = object->boolean("present");
    const auto kind = object->string("kind");
    if (!present.ok()) return;
    if (!*present) {
      if (!card_present_) return;
      card_present_ = false;
      card_kind_.clear();
      log_.write("card_out");
      fire("card_removed");
    } else if (const std::string now = kind.ok() ? *kind : ""; !card_present_ || card_kind_ != now) {
      // The same card may be unreadable first and read a moment later.
      card_present_ = true;
      card_kind_ = now;
      const std::string_view event = card_event();
      log_.write("card_in", {{"event", PublicText::from_table(event)}});
      fire(event);
    }
    return;
  }
  if (*type == "card_reader") {
    const auto present = object->boolean("present");
    if (!present.ok() || *present != reader_lost_) return;
    if (*present && !hooks_.clears_faults) return;
    reader_lost_ = !*present;
    if (reader_lost_) {
      card_present_ = false;
      card_kind_.clear();
      record_fault("card_reader_lost");
    } else {
      log_.write("repaired", {{"fault", "card_reader_lost"}});
    }
    fire(reader_lost_ ? "card_reader_lost" : "card_reader_back");
    return;
  }
  if (*type == "visual_check") {
    const auto armed = object->boolean("armed");
    if (!armed.ok() || *armed == visual_check_) return;
    visual_check_ = *armed;
    // A card may lie there already: staff come when a patient cannot go on by himself.
    if (visual_check_) fire("visual_check");
    return;
  }
  if (*type == "connectivity") {
    const auto reason = object->string("reason");
    const auto known = reason.ok() ? in_table(kReasons, *reason) : std::nullopt;
    if (connectivity_) std::exchange(connectivity_, nullptr)(known.value_or("server_error"));
    return;
  }
  if (update_message(*type, body)) return;
  const auto session = object->integer("session");
  // An answer to a transaction that has ended in the meantime concerns nobody.
  if (!session.ok() || !open_ || static_cast<std::uint64_t>(*session) != session_) return;
  if (*type == "pin_status") {
    const auto tries = object->integer("tries_left");
    const auto locked = object->boolean("locked");
    tries_left_ = tries.ok() ? static_cast<int>(std::clamp<std::int64_t>(*tries, -1, 15)) : -1;
    tries_locked_ = (locked.ok() && *locked) || tries_left_ == 0;
    tries_known_ = true;
    fire(tries_locked_ ? "tries_locked" : "tries_known");
  } else if (*type == "handed_over") {
    const auto kept = object->boolean("kept");
    if (kept.ok() && *kept) steps_passed_ = kConsentStep;
    fire(kept.ok() && *kept ? "handed_over" : "hand_over_failed");
  } else if (*type == "result") {
    const auto reason = object->string("reason");
    const auto outcome = object->string("outcome");
    const auto tries = object->integer("tries_left");
    if (tries.ok() && *tries >= 0) {
      tries_left_ = static_cast<int>(std::min<std::int64_t>(*tries, 15));
      tries_locked_ = tries_left_ == 0;
    }
    const auto known = reason.ok() ? in_table(kReasons, *reason) : std::nullopt;
    // Success needs both words. An answer that contradicts itself, or gives a reason that only the reader
    // can have, is an error and never a pass.
    const bool said_ok = outcome.ok() && *outcome == "ok";
    const bool sound =
        known && said_ok == (*known == "none") && *known != "timeout" && *known != "user_ended";
    if (sound && said_ok && !reported_) {
      const auto records = object->boolean("records");
      const auto over_40 = object->boolean("over_40");
      const auto notice = object->string("notice");
      records_ = records.ok() && *records;
      over_40_ = over_40.ok() && *over_40;
      notice_ = notice.ok() ? *notice : "none";
      papers_.take(body.if_contains("papers"));
    }
    fire(fmt::format("answer_{}", sound ? *known : "server_error"));
  }
}

// --- the page

void Reader::redraw() {
  PageInput input;
  const contract::State shown = journey_.state(state_).state;
  input.screen = hooks_.screen(journey_.state(state_).screen, shown);
  input.language = language_;
  input.next_language = next_after(language_, settings_.languages);
  input.tries_left = tries_left_;
  input.typed = pin_.size();
  input.may_finish = hooks_.complete(pin_.size());
  input.layout = layout_;
  input.pressed = pressed_;
  input.keypad = hooks_.keypad(keypad_shape(panel_));
  input.manners = hooks_.manners(language_);
  input.steps_passed = steps_passed_;
  input.may_go_back = answers_.any();
  input.ending_soon = ending_soon_;
  input.key_legends = keypad_there_;
  input.keypad_gone = keypad_gone_;
  input.papers = papers_.of(journey_.state(state_).question);
  input.first_paper = first_paper_;
  if (input.screen == "volume") input.volume = static_cast<int>(settings_.volume);
  if (input.screen == "idle") input.clinic_name = settings_.clinic_name;
  if (shown == contract::State::kIdle) input.own_words = settings_.text_idle;
  if (shown == contract::State::kResultOk) input.own_words = settings_.text_done;
  input.has_camera = has_camera();
  // The picture goes onto the panel alone: neither the page's description nor the staff's mirror has it.
  View view;
  if (shows_camera()) view = look();
  last_view_ = clock_.now();
  input.camera_sees = view.frame.has_value();
  Panel panel = panel_;
  hooks_.before_draw(input, panel);
  page_ = draw_page(input, panel, fonts_, messages_);
  if (view.frame) paint_camera_view(page_, view.frame->image);
  hooks_.after_draw(page_, panel);
  hooks_.finish_frame(page_.frame, shown);
  outlets_.present(page_.frame);
  show_mirror(input, shown);
}

}  // namespace shogo::reader
