// 3-14.b: PIN authentication and first registration; the server knows the person afterwards. 3-14.h: and only
// when the patient has said yes. Both are judged from the server's register and its request log.
#include "card_trace.h"
#include "checks.h"
#include "journey.h"
#include "whole_script.h"

#include <fmt/core.h>

namespace shogo::conformance {
namespace {

constexpr sim::Patient kWho = sim::Patient::kNotRegistered;
constexpr std::string_view kRegisters = "registers";
constexpr std::string_view kComesAgain = "comes_again";
constexpr std::string_view kDeclines = "declines";
constexpr std::string_view kSilent = "silent";
constexpr std::string_view kLeaves = "leaves";
constexpr int kFastIdleTimeout_ms = 900;
constexpr int kNormalIdleTimeout_ms = 60'000;

/// To the question whether to register, or to wherever the device goes instead.
Result<Event> ask(Stage& stage, std::string_view step) {
  begin_step(stage, step, kWho);
  note_register(stage, kWho);
  return enter_right_pin(stage, kWho);
}

bool asks(const Event& state) {
  return text_of(state.data, "name") == "register_ask";
}

/// The register's word at the end of a step; empty when it was not noted.
std::string register_state(const Step& step, bool at_the_end) {
  const auto notes = step.select(source::kServer, "register");
  if (notes.size() < 2) return {};
  return text_of((at_the_end ? notes.back() : notes.front())->data, "state");
}

std::size_t registrations(const Step& step) {
  std::size_t count = 0;
  for (const Event* event : step.select(source::kServer, "request"))
    if (text_of(event->data, "path") == "/v1/registration") ++count;
  return count;
}

bool claims_success(const Step& step) {
  for (const Event* event : step.select(source::kDevice, "result"))
    if (text_of(event->data, "outcome") == "ok") return true;
  return step.showed("result_ok");
}

Result<void> register_now(Stage& stage) {
  SHOGO_TRY(const Event state, ask(stage, kRegisters));
  if (asks(state)) {
    SHOGO_CHECK_OK(stage.keep_frame("register_ask"));
    const Mark agreed = stage.mark();
    SHOGO_CHECK_OK(press(stage, words::kAgree, "register"));
    SHOGO_CHECK_OK(stage.wait_result(agreed));
  }
  note_register(stage, kWho);
  return finish(stage);
}

}  // namespace

Result<void> stimulate_registration(Stage& stage) {
  SHOGO_CHECK_OK(register_now(stage));
  // Registered once is registered: the next visit asks nothing.
  SHOGO_CHECK_OK(ask(stage, kComesAgain));
  note_register(stage, kWho);
  SHOGO_CHECK_OK(finish(stage));
  return end_script(stage);
}

Judgement judge_registration(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  const Step* first = find_step(steps, kRegisters);
  const Step* again = find_step(steps, kComesAgain);
  Judgement judgement;
  const auto verdict = [&]() -> Judgement {
    if (first == nullptr || register_state(*first, false) != "not_registered" || first->commands().empty())
      return inconclusive(Reason::kControlFailed,
                          "no unregistered person came to the device, so nothing was tried",
                          "未登録の人のカードで試せていない");
    const std::string after = register_state(*first, true);
    const bool success = claims_success(*first);
    if (success && after != "eligible")
      return fail(
          fmt::format("the device reports success, but the server's register still says \"{}\"", after),
          fmt::format("装置は成功を示したが、サーバーの登録は「{}」のままである", after));
    if (!success)
      return fail("the patient agreed, but the device did not complete the registration",
                  "患者が承諾したのに、装置は登録を完了しなかった");
    const std::size_t requests = registrations(*first);
    if (requests != 1)
      return fail(fmt::format("the server received {} registration requests instead of one", requests),
                  fmt::format("登録の要求が1回ではなく{}回サーバーに届いた", requests));
    if (again == nullptr)
      return inconclusive(Reason::kControlFailed, "the second visit was not played",
                          "2回目の来院を試せていない");
    if (again->showed("register_ask") || !claims_success(*again))
      return fail("at the next visit the device does not take the person as registered",
                  "次の来院で登録済みとして扱われなかった");
    return pass("registration completed, the server's register holds the person, the next visit asks nothing",
                "登録が完了し、サーバーの登録に反映され、次の来院では尋ねられなかった");
  };
  judgement = verdict();
  return only_if_whole(std::move(judgement), transcript);
}

Result<void> stimulate_registration_consent(Stage& stage) {
  {
    SHOGO_TRY(const Event state, ask(stage, kDeclines));
    if (asks(state)) {
      const Mark declined = stage.mark();
      SHOGO_CHECK_OK(press(stage, words::kDisagree, "not register"));
      SHOGO_CHECK_OK(stage.wait_result(declined));
    }
    note_register(stage, kWho);
    SHOGO_CHECK_OK(finish(stage));
  }
  {
    SHOGO_TRY(const Event state, ask(stage, kLeaves));
    if (asks(state)) stage.world().take_card();
    if (asks(state)) SHOGO_CHECK_OK(stage.wait_state({"idle"}));
    note_register(stage, kWho);
    SHOGO_CHECK_OK(finish(stage));
  }
  if (stage.device().has("config.settings")) {
    SHOGO_TRY(const Event state, ask(stage, kSilent));
    if (asks(state)) {
      const Mark asked = stage.mark();
      SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kFastIdleTimeout_ms}}));
      SHOGO_CHECK_OK(stage.wait_result(asked));
      SHOGO_CHECK_OK(stage.set_settings({{"idle_timeout_ms", kNormalIdleTimeout_ms}}));
    }
    note_register(stage, kWho);
    SHOGO_CHECK_OK(finish(stage));
  }
  SHOGO_CHECK_OK(register_now(stage));
  return end_script(stage);
}

Judgement judge_registration_consent(const Transcript& transcript, const CheckContext&) {
  const std::vector<Step> steps = steps_of(transcript);
  std::int64_t played = 0;
  std::int64_t uninvited = 0;
  std::string who;
  for (const std::string_view name : {kDeclines, kLeaves, kSilent}) {
    const Step* step = find_step(steps, name);
    if (step == nullptr || register_state(*step, false) != "not_registered") continue;
    ++played;
    if (registrations(*step) == 0 && register_state(*step, true) == "not_registered") continue;
    ++uninvited;
    who += (who.empty() ? "" : ", ") + std::string(name);
  }
  const Step* control = find_step(steps, kRegisters);
  Judgement judgement;
  if (uninvited > 0) {
    judgement = fail(fmt::format("a person was registered without having agreed ({})", who),
                     fmt::format("承諾のない人が登録された（{}）", who));
  } else if (control == nullptr || registrations(*control) == 0 ||
             register_state(*control, true) != "eligible") {
    judgement =
        inconclusive(Reason::kControlFailed, "the control did not hold: who agrees is not registered either",
                     "対照が成立しない：承諾した人も登録されなかった");
  } else if (played < 2) {
    judgement = inconclusive(Reason::kControlFailed, "declining and leaving were not both played",
                             "断る場面と離れる場面の両方を実施できなかった");
  } else if (played < 3) {
    judgement =
        inconclusive(Reason::kPartial,
                     "nobody was registered unasked, but silence could not be tried: the device's idle "
                     "timeout cannot be set",
                     "承諾なしの登録はなかったが、無操作の場面は試せていない");
  } else {
    judgement = pass("declining, leaving and silence registered nobody; agreement did",
                     "断り、離席、無操作のいずれでも登録されず、承諾したときだけ登録された");
  }
  judgement.measurements = {
      {"registered_without_consent", static_cast<double>(uninvited), "count", "= 0", played}};
  return only_if_whole(std::move(judgement), transcript);
}

}  // namespace shogo::conformance
