// 4-9.a and 4-9.d: what installs itself, what must not, and who is asked.
#include "checks.h"
#include "hostile_transcripts.h"
#include "transcript_builder.h"

#include <gtest/gtest.h>

namespace shogo::conformance {
namespace {

struct Told {
  const char *first = "2.1.0", *unsigned_one = "2.1.0", *forged = "2.1.0", *older = "2.1.0", *last = "2.2.0";
  bool fetched = true, asked_to_look = true, touched = false;
  const char* logged = "installed";
  const char* before = "";
};

TranscriptBuilder offers(const Told& told = {}) {
  TranscriptBuilder t;
  const auto versions = [&](const char* version) {
    boost::json::object all{{"firmware", "1"}};
    if (*version != '\0') all["card_profiles"] = version;
    t.add(source::kDevice, "versions", std::move(all));
  };
  t.add(source::kStimulus, "update_poll", {{"from", told.asked_to_look ? "settings" : "device"}});
  t.step("before");
  versions(told.before);
  const std::pair<const char*, const char*> steps[] = {{"signed", told.first},
                                                       {"unsigned", told.unsigned_one},
                                                       {"forged", told.forged},
                                                       {"older", told.older},
                                                       {"signed_again", told.last}};
  for (const auto& [name, version] : steps) {
    t.step(name).add(source::kStimulus, "offer", {{"name", name}, {"sha256", name}});
    if (told.fetched)
      t.add(source::kServer, "update_request",
            {{"path", std::string("/v1/updates/") + name}, {"status", 200}});
    if (told.touched) t.add(source::kStimulus, "touch", {{"x", 1}, {"y", 1}});
    versions(version);
  }
  std::string log = "no json\n";
  for (const char* version : {"2.1.0", "2.2.0"})
    log += std::string(R"({"event":"update","version":")") + version + R"(","outcome":")" + told.logged +
           "\"}\n";
  t.file(source::kDevice, "log", {}, "log", "log", Bytes(log.begin(), log.end()));
  return t;
}

Judgement automatic(const Told& told) {
  return judge_update_automatic(offers(told).end().build(), context_of("4-9.a"));
}

TEST(UpdateAutomatic, sound_packages_in_and_all_others_out_passes) {
  const Judgement judgement = automatic({});
  EXPECT_EQ(judgement.verdict, Verdict::kPass) << judgement.because_en;
}

TEST(UpdateAutomatic, a_sound_package_that_stays_out_fails) {
  Told told;
  told.first = told.unsigned_one = told.forged = told.older = told.last = "";
  EXPECT_EQ(automatic(told).verdict, Verdict::kFail);
  told.fetched = false;
  EXPECT_EQ(automatic(told).verdict, Verdict::kFail) << "it was asked to look";
  told.asked_to_look = false;
  EXPECT_EQ(automatic(told).reason, Reason::kControlFailed) << "it keeps a rhythm of its own";
}

TEST(UpdateAutomatic, each_package_that_must_stay_out_fails_when_it_gets_in) {
  for (const auto member : {&Told::unsigned_one, &Told::forged, &Told::older}) {
    Told told;
    told.*member = "9.0.0";
    EXPECT_EQ(automatic(told).verdict, Verdict::kFail);
  }
}

TEST(UpdateAutomatic, an_installation_without_a_record_fails) {
  Told told;
  told.logged = "refused";
  EXPECT_EQ(automatic(told).verdict, Verdict::kFail);
}

TEST(UpdateAutomatic, without_its_controls_nothing_is_said) {
  Told told;
  told.last = "2.1.0";
  EXPECT_EQ(automatic(told).reason, Reason::kControlFailed) << "perhaps it had stopped looking";
  Told operated;
  operated.touched = true;
  EXPECT_EQ(automatic(operated).reason, Reason::kControlFailed);
  Told early;
  early.before = "2.1.0";
  EXPECT_EQ(automatic(early).reason, Reason::kControlFailed);
}

TranscriptBuilder connected(const char* part, bool recorded = true, const Told& told = {}) {
  TranscriptBuilder t = offers(told);
  for (const char* to : {"server", "reader_link", part})
    t.add(source::kNet, "destination", {{"address", "127.0.0.1"}, {"port", 9}, {"part", to}});
  if (recorded) t.add(source::kStimulus, "destinations_recorded");
  return t.end();
}

Judgement network(const TranscriptBuilder& t) {
  return judge_update_network(t.build(), context_of("4-9.d"));
}

TEST(UpdateNetwork, the_claim_network_alone_passes_and_one_other_destination_fails) {
  EXPECT_EQ(network(connected("server")).verdict, Verdict::kPass);
  EXPECT_EQ(network(connected("other")).verdict, Verdict::kFail);
  EXPECT_EQ(network(connected("")).verdict, Verdict::kFail);
}

TEST(UpdateNetwork, connections_that_nobody_wrote_down_and_an_update_that_did_not_come_say_nothing) {
  EXPECT_EQ(network(connected("server", false)).reason, Reason::kNoChannel);
  Told told;
  told.last = "";
  EXPECT_EQ(network(connected("server", true, told)).reason, Reason::kControlFailed);
  told = {};
  told.fetched = false;
  EXPECT_EQ(network(connected("server", true, told)).reason, Reason::kControlFailed);
}

TEST(UpdateOffers, garbage_and_cut_transcripts_never_pass) {
  expect_to_survive_garbage(judge_update_automatic, offers().end().build(), context_of("4-9.a"));
  expect_no_pass_when_cut_off(judge_update_automatic, offers().end().build(), context_of("4-9.a"));
  expect_to_survive_garbage(judge_update_network, connected("server").build(), context_of("4-9.d"));
  expect_no_pass_when_cut_off(judge_update_network, connected("server").build(), context_of("4-9.d"));
}

}  // namespace
}  // namespace shogo::conformance
