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
  if (in_table(kActions, action)) return {};
  if (action.rfind(kReport, 0) == 0) {
    const std::string_view rest = std::string_view(action).substr(kReport.size());
    const std::size_t blank = rest.find(' ');
    if (blank != std::string_view::npos && in_table(kOutcomes, rest.substr(0, blank)) &&
        in_table(kReasons, rest.substr(blank + 1)))
      return {};
  }
  return Error{Code::kInvalid, fmt::format("{}: unknown action \"{}\"", where, action)};
}

Result<std::vector<Transition>> read_transitions(const std::vector<JsonObject>& objects) {
  std::vector<Transition> transitions;
  for (const JsonObject& object : objects) {
    SHOGO_CHECK_OK(object.only({"on", "when", "to", "do"}));
    Transition transition;
    SHOGO_TRY(transition.on, object.string("on"));
    if (!object.missing("when")) {
      SHOGO_TRY(transition.when, object.string("when"));
      if (!in_table(kFacts, transition.when))
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
  SHOGO_CHECK_OK(root.only({"initial", "groups", "states"}));
  Journey journey;
  SHOGO_TRY(journey.initial_, root.string("initial"));
  SHOGO_TRY(const JsonObject groups, root.object("groups"));
  SHOGO_TRY(const JsonObject states, root.object("states"));
  for (const auto& [key, value] : states.raw()) {
    JourneyState state;
    state.name = key;
    SHOGO_TRY(const JsonObject object, JsonObject::of(value, fmt::format("{}: {}", where, state.name)));
    SHOGO_CHECK_OK(object.only({"state", "substate", "screen", "timeout", "on", "groups"}));
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
      if (wait != "idle" && wait != "answer")
        return Error{Code::kInvalid, fmt::format("{}: timeout is idle or answer", object.where())};
      state.wait = wait == "idle" ? Wait::kIdle : Wait::kAnswer;
    }
    if (!object.missing("on")) {
      SHOGO_TRY(const auto own, object.objects("on"));
      SHOGO_TRY(state.transitions, read_transitions(own));
    }
    if (!object.missing("groups")) {
      SHOGO_TRY(const auto names, object.strings("groups"));
      for (const std::string& name : names) {
        SHOGO_TRY(const auto shared, groups.objects(name));
        SHOGO_TRY(const auto transitions, read_transitions(shared));
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
