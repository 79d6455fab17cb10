#include "flow/journey.h"

#include "resources.h"
#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include <shogo/base/json_reader.h>

namespace shogo::reader {
namespace {

Result<void> check_action(const std::string& action, const std::string& where) {
  constexpr std::string_view kReport = "report ";
  constexpr std::string_view kAnswer = "answer ";
  if (in_table(kActions, action)) return {};
  if (action.rfind(kAnswer, 0) == 0 && in_table(kAnswers, std::string_view(action).substr(kAnswer.size())))
    return {};
  if (action.rfind(kReport, 0) == 0) {
    const std::string_view rest = std::string_view(action).substr(kReport.size());
    const std::size_t blank = rest.find(' ');
    if (blank != std::string_view::npos && in_table(kOutcomes, rest.substr(0, blank)) &&
        in_table(kReasons, rest.substr(blank + 1)))
      return {};
  }
  return Error{Code::kInvalid, fmt::format("{}: unknown action \"{}\"", where, action)};
}

Result<std::vector<Question>> read_questions(const std::vector<JsonObject>& objects) {
  std::vector<Question> questions;
  for (const JsonObject& object : objects) {
    SHOGO_CHECK_OK(object.only({"name", "notice", "needs", "after", "covers"}));
    Question question;
    SHOGO_TRY(question.name, object.string("name"));
    SHOGO_TRY(question.needs, object.strings("needs"));
    for (const std::string& need : question.needs)
      if (!in_table(kNeeds, need))
        return Error{Code::kInvalid, fmt::format("{}: unknown need \"{}\"", object.where(), need)};
    if (!object.missing("notice")) {
      SHOGO_TRY(question.notice, object.boolean("notice"));
    }
    if (!object.missing("after")) {
      SHOGO_TRY(question.after, object.string("after"));
    }
    if (!object.missing("covers")) {
      SHOGO_TRY(question.covers, object.strings("covers"));
    }
    questions.push_back(std::move(question));
  }
  return questions;
}

bool is_question(const std::vector<Question>& questions, std::string_view name) {
  return std::any_of(questions.begin(), questions.end(), [&](const Question& q) { return q.name == name; });
}

bool is_fact(const std::vector<Question>& questions, const std::string& fact) {
  constexpr std::string_view kDue = "due_";
  return in_table(kFacts, fact) ||
         (fact.rfind(kDue, 0) == 0 && is_question(questions, std::string_view(fact).substr(kDue.size())));
}

/// `junction`: its transitions have no "on", they all wait for the same event.
Result<std::vector<Transition>> read_transitions(const std::vector<JsonObject>& objects,
                                                 const std::vector<Question>& questions,
                                                 bool junction = false) {
  std::vector<Transition> transitions;
  for (const JsonObject& object : objects) {
    SHOGO_CHECK_OK(object.only({"on", "when", "to", "do"}));
    Transition transition;
    if (junction) {
      transition.on = kPass;
    } else {
      SHOGO_TRY(transition.on, object.string("on"));
    }
    if (!object.missing("when")) {
      SHOGO_TRY(transition.when, object.string("when"));
      if (!is_fact(questions, transition.when))
        return Error{Code::kInvalid, fmt::format("{}: unknown fact \"{}\"", object.where(), transition.when)};
    }
    if (!object.missing("to")) {
      SHOGO_TRY(transition.to, object.string("to"));
    }
    if (!object.missing("do")) {
      SHOGO_TRY(transition.actions, object.strings("do"));
    }
    for (const std::string& action : transition.actions) SHOGO_CHECK_OK(check_action(action, object.where()));
    transitions.push_back(std::move(transition));
  }
  return transitions;
}

}  // namespace

Result<Journey> Journey::load(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject root, JsonObject::of(document, std::string(where)));
  SHOGO_CHECK_OK(root.only({"initial", "questions", "groups", "states"}));
  Journey journey;
  if (!root.missing("questions")) {
    SHOGO_TRY(const auto questions, root.objects("questions"));
    SHOGO_TRY(journey.questions_, read_questions(questions));
  }
  SHOGO_TRY(journey.initial_, root.string("initial"));
  SHOGO_TRY(const JsonObject groups, root.object("groups"));
  SHOGO_TRY(const JsonObject states, root.object("states"));
  for (const auto& [key, value] : states.raw()) {
    JourneyState state;
    state.name = key;
    SHOGO_TRY(const JsonObject object, JsonObject::of(value, fmt::format("{}: {}", where, state.name)));
    SHOGO_CHECK_OK(
        object.only({"state", "substate", "screen", "question", "timeout", "on", "groups", "choose"}));
    if (!object.missing("choose")) {
      state.junction = true;
      SHOGO_TRY(const auto ways, object.objects("choose"));
      SHOGO_TRY(state.transitions, read_transitions(ways, journey.questions_, true));
      if (state.transitions.empty() || !state.transitions.back().when.empty())
        return Error{Code::kInvalid,
                     fmt::format("{}: the last way out of a junction needs no fact", object.where())};
      journey.states_.emplace(state.name, std::move(state));
      continue;
    }
    SHOGO_TRY(const std::string contract_name, object.string("state"));
    const auto contract_state = contract::state_from(contract_name);
    if (!contract_state)
      return Error{Code::kInvalid,
                   fmt::format("{}: \"{}\" is not in the list of states", object.where(), contract_name)};
    state.state = *contract_state;
    SHOGO_TRY(state.screen, object.string("screen"));
    if (!object.missing("substate")) {
      SHOGO_TRY(state.substate, object.string("substate"));
    }
    if (!object.missing("timeout")) {
      SHOGO_TRY(const std::string wait, object.string("timeout"));
      if (wait != "idle" && wait != "answer" && wait != "reminder")
        return Error{Code::kInvalid, fmt::format("{}: timeout is idle, answer or reminder", object.where())};
      state.wait = wait == "idle" ? Wait::kIdle : wait == "answer" ? Wait::kAnswer : Wait::kReminder;
    }
    if (!object.missing("question")) {
      SHOGO_TRY(state.question, object.string("question"));
      if (!is_question(journey.questions_, state.question))
        return Error{Code::kInvalid, fmt::format("{}: no question \"{}\"", object.where(), state.question)};
    }
    if (!object.missing("on")) {
      SHOGO_TRY(const auto own, object.objects("on"));
      SHOGO_TRY(state.transitions, read_transitions(own, journey.questions_));
    }
    if (!object.missing("groups")) {
      SHOGO_TRY(const auto names, object.strings("groups"));
      for (const std::string& name : names) {
        SHOGO_TRY(const auto shared, groups.objects(name));
        SHOGO_TRY(const auto transitions, read_transitions(shared, journey.questions_));
        state.transitions.insert(state.transitions.end(), transitions.begin(), transitions.end());
      }
    }
    journey.states_.emplace(state.name, std::move(state));
  }
  if (journey.states_.find(journey.initial_) == journey.states_.end())
    return Error{Code::kInvalid, fmt::format("{}: no state \"{}\" to begin with", where, journey.initial_)};
  for (const auto& [name, state] : journey.states_) {
    for (const Transition& transition : state.transitions) {
      if (!transition.to.empty() && journey.states_.find(transition.to) == journey.states_.end())
        return Error{Code::kInvalid, fmt::format("{}: {}: on {}: no state \"{}\"", where, name, transition.on,
                                                 transition.to)};
    }
  }
  return journey;
}

const Journey& Journey::built_in() {
  static const Journey journey = [] {
    auto loaded = load(resource("pin_journey.json"), "pin_journey.json");
    if (!loaded.ok()) throw std::logic_error(loaded.error().describe());
    return *std::move(loaded);
  }();
  return journey;
}

const JourneyState& Journey::state(std::string_view name) const {
  const auto found = states_.find(name);
  if (found == states_.end()) throw std::logic_error(fmt::format("no journey state {}", name));
  return found->second;
}

const Transition* Journey::step(std::string_view state_name, std::string_view event,
                                const Facts& facts) const {
  const JourneyState& from = state(state_name);
  const auto found = std::find_if(from.transitions.begin(), from.transitions.end(), [&](const Transition& t) {
    return t.on == event && (t.when.empty() || facts.count(t.when) != 0);
  });
  return found == from.transitions.end() ? nullptr : &*found;
}

}  // namespace shogo::reader
