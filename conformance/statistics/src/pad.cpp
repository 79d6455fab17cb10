#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <shogo/statistics/binomial.h>
#include <shogo/statistics/pad.h>

namespace shogo::statistics {
namespace {

struct Session {
  std::string subject;
  bool accepted = false;
};

/// Everything of one species, or all bona fide presentations.
struct Group {
  std::map<std::string, Presentation> presentations;
  std::map<std::string, Session> sessions;
};

Error wrong(const Presentation& row, std::string_view what) {
  return Error{Code::kInvalid, fmt::format("presentation \"{}\": {}", row.presentation, what)};
}

bool same(const Presentation& a, const Presentation& b) {
  return a.transaction == b.transaction && a.subject == b.subject && a.response == b.response &&
         a.pad_attack == b.pad_attack && a.accepted == b.accepted;
}

Result<std::map<std::string, Group>> grouped(std::span<const Presentation> rows) {
  std::map<std::string, Group> groups;
  std::map<std::string, std::string> species_of, species_of_session;
  for (const Presentation& row : rows) {
    if (row.presentation.empty()) return wrong(row, "every presentation needs an id");
    if (row.subject.empty())
      return wrong(
          row,
          "the subject is missing; presentations of one person depend on each other, so who it was, or "
          "who was attacked, must be known");
    if (row.accepted.value_or(false) && row.response != Response::kOk)
      return wrong(row, "accepted without a response");
    const auto [known, is_new] = species_of.emplace(row.presentation, row.species);
    if (!is_new && known->second != row.species)
      return wrong(row,
                   fmt::format("is of species \"{}\" and of species \"{}\"", known->second, row.species));
    const std::string session =
        row.transaction.empty() ? "presentation " + row.presentation : row.transaction;
    const auto [owner, first] = species_of_session.emplace(session, row.species);
    if (!first && owner->second != row.species)
      return wrong(row, fmt::format("transaction \"{}\" mixes species \"{}\" and \"{}\"", row.transaction,
                                    owner->second, row.species));
    Group& group = groups[row.species];
    const auto [before, inserted] = group.presentations.emplace(row.presentation, row);
    if (!inserted && !same(before->second, row))
      return wrong(row,
                   "its rows contradict each other; a presentation has one decision, however many frames");
    Session& whole = group.sessions[session];
    if (!whole.subject.empty() && whole.subject != row.subject)
      return wrong(row, fmt::format("transaction \"{}\" has two subjects", row.transaction));
    whole.subject = row.subject;
    whole.accepted = whole.accepted || row.accepted.value_or(false);
  }
  return groups;
}

/// Counts errors by subject and judges.
class Counter {
 public:
  void add(const std::string& subject, bool error) {
    ClusterCount& cluster = clusters_[subject];
    ++cluster.trials;
    ++trials_;
    if (error) {
      ++cluster.errors;
      ++errors_;
    }
  }
  [[nodiscard]] Result<Rate> judge(std::string name, std::optional<Limit> limit, double confidence,
                                   std::int64_t planned) const {
    std::vector<ClusterCount> list;
    for (const auto& [subject, cluster] : clusters_) list.push_back(cluster);
    return judge_rate({std::move(name), errors_, trials_, list.empty() ? independent() : clustered(list),
                       confidence, limit, planned});
  }

 private:
  std::map<std::string, ClusterCount> clusters_;
  std::int64_t errors_ = 0, trials_ = 0;
};

enum class Known { kNone, kSome, kAll };

template <typename Field>
Known known(const Group& group, Field field) {
  std::size_t with = 0, answered = 0;
  for (const auto& [id, row] : group.presentations) {
    if (row.response != Response::kOk) continue;
    ++answered;
    if ((row.*field).has_value()) ++with;
  }
  if (answered == 0)
    return Known::kAll;  // nothing ever answered: every attack failed, every person was refused
  return with == 0 ? Known::kNone : with == answered ? Known::kAll : Known::kSome;
}

Error only_some(const std::string& species, std::string_view decision) {
  return Error{
      Code::kInvalid,
      fmt::format("{}: some presentations that were answered carry a {} and some do not; a rate of the rest "
                  "would say nothing",
                  species.empty() ? "bona fide" : "species " + species, decision)};
}

Result<Rate> rate_of_presentations(const Group& group, std::string name, std::optional<Limit> limit,
                                   const PadLimits& limits, bool (*error)(const Presentation&)) {
  Counter counter;
  for (const auto& [id, row] : group.presentations) counter.add(row.subject, error(row));
  return counter.judge(std::move(name), limit, limits.confidence, 0);
}

Result<Rate> rate_of_sessions(const Group& group, std::string name, const Limit& limit,
                              const PadLimits& limits, bool error_is_accepted) {
  Counter counter;
  for (const auto& [id, session] : group.sessions)
    counter.add(session.subject, session.accepted == error_is_accepted);
  return counter.judge(std::move(name), limit, limits.confidence,
                       error_is_accepted ? limits.planned_transactions : 0);
}

bool unanswered(const Presentation& row) {
  return row.response != Response::kOk;
}
bool taken_for_bona_fide(const Presentation& row) {
  return row.response == Response::kOk && row.pad_attack == false;
}
bool taken_for_attack(const Presentation& row) {
  return row.response != Response::kOk || row.pad_attack == true;
}

Result<SpeciesRates> species_rates(const std::string& name, const Group& group, const PadLimits& limits) {
  SpeciesRates rates;
  rates.species = name;
  rates.presentations = static_cast<std::int64_t>(group.presentations.size());
  rates.transactions = static_cast<std::int64_t>(group.sessions.size());
  std::set<std::string> subjects;
  for (const auto& [id, row] : group.presentations) subjects.insert(row.subject);
  rates.subjects = static_cast<std::int64_t>(subjects.size());
  const Known decided = known(group, &Presentation::accepted),
              detected = known(group, &Presentation::pad_attack);
  if (decided == Known::kSome) return only_some(name, "decision of the device");
  if (detected == Known::kSome) return only_some(name, "decision of the attack detection");
  if (decided == Known::kNone && detected == Known::kNone)
    return Error{Code::kInvalid,
                 fmt::format("species {}: no row carries a decision (accepted or pad_attack)", name)};
  if (decided == Known::kAll) {
    SHOGO_TRY(rates.iapar, rate_of_sessions(group, "IAPAR", limits.attack, limits, true));
  }
  if (detected == Known::kAll) {
    SHOGO_TRY(rates.apcer, rate_of_presentations(group, "APCER", limits.attack, limits, taken_for_bona_fide));
  }
  SHOGO_TRY(rates.apnrr, rate_of_presentations(group, "APNRR", limits.no_response, limits, unanswered));
  return rates;
}

const Rate& leading(const SpeciesRates& species) {
  return species.iapar ? *species.iapar : *species.apcer;
}

/// Holm: "some species breaks the limit" keeps its error probability over all species together.
bool one_is_broken(const PadRates& rates, const PadLimits& limits) {
  const double family = static_cast<double>(rates.species.size());
  return std::any_of(rates.species.begin(), rates.species.end(), [&](const SpeciesRates& species) {
    const Rate& rate = leading(species);
    const double effect = static_cast<double>(rate.trials) / rate.effective_trials_lower;
    const double lower = lower_bound(static_cast<double>(rate.errors) / effect, rate.effective_trials_lower,
                                     1 - (1 - limits.confidence) / family);
    return limits.attack.strict ? lower >= limits.attack.value : lower > limits.attack.value;
  });
}

void conclude(PadRates& rates, const PadLimits& limits) {
  const auto all = [&](RateVerdict verdict) {
    return std::all_of(rates.species.begin(), rates.species.end(),
                       [&](const SpeciesRates& species) { return leading(species).verdict == verdict; });
  };
  if (one_is_broken(rates, limits)) {
    rates.verdict = RateVerdict::kProvenBroken;
    rates.why = "species " + rates.worst + " is proven to break the limit";
    return;
  }
  for (const SpeciesRates& species : rates.species)
    if (species.apnrr.point > limits.no_response.value) {
      rates.why = fmt::format(
          "species {}: {} of the attacks were not answered; a device that does not answer proves "
          "nothing",
          species.species, percent(species.apnrr.point));
      return;
    }
  const Rate* control = rates.frr ? &*rates.frr : rates.bpcer ? &*rates.bpcer : nullptr;
  if (control == nullptr) {
    rates.why = "there are no bona fide presentations; a device that refuses everybody would look the same";
    return;
  }
  if (control->verdict != RateVerdict::kProvenKept) {
    rates.why = "the bona fide control does not hold: " + describe(*control);
    return;
  }
  if (all(RateVerdict::kProvenKept)) {
    rates.verdict = RateVerdict::kProvenKept;
    rates.why = "every species is proven to keep the limit";
    return;
  }
  const bool shown = std::all_of(rates.species.begin(), rates.species.end(), [](const SpeciesRates& species) {
    return leading(species).verdict == RateVerdict::kShown ||
           leading(species).verdict == RateVerdict::kProvenKept;
  });
  rates.verdict = shown ? RateVerdict::kShown : RateVerdict::kNotShown;
  rates.why = shown ? "every species keeps the limit by its estimate, not every one by its bound"
                    : "species " + rates.worst + " does not keep the limit by its estimate";
}

}  // namespace

Result<PadRates> pad_rates(std::span<const Presentation> rows, const PadLimits& limits) {
  SHOGO_TRY(const auto groups, grouped(rows));
  PadRates rates;
  if (const auto bona_fide = groups.find(""); bona_fide != groups.end()) {
    const Group& group = bona_fide->second;
    const Known decided = known(group, &Presentation::accepted),
                detected = known(group, &Presentation::pad_attack);
    if (decided == Known::kSome) return only_some("", "decision of the device");
    if (detected == Known::kSome) return only_some("", "decision of the attack detection");
    if (decided == Known::kAll) {
      SHOGO_TRY(rates.frr, rate_of_sessions(group, "FRR", limits.bona_fide, limits, false));
    }
    if (detected == Known::kAll) {
      SHOGO_TRY(rates.bpcer,
                rate_of_presentations(group, "BPCER", limits.bona_fide, limits, taken_for_attack));
    }
    SHOGO_TRY(rates.bpnrr, rate_of_presentations(group, "BPNRR", limits.no_response, limits, unanswered));
  }
  for (const auto& [name, group] : groups) {
    if (name.empty()) continue;
    SHOGO_TRY(SpeciesRates species, species_rates(name, group, limits));
    if (species.iapar && rates.frr) species.riapar = species.iapar->point + rates.frr->point;
    rates.species.push_back(std::move(species));
  }
  if (rates.species.empty())
    return Error{Code::kInvalid, "the log holds no attack; attacks are rows with a species"};
  rates.worst =
      std::max_element(rates.species.begin(), rates.species.end(), [](const auto& a, const auto& b) {
        return leading(a).point < leading(b).point;
      })->species;
  conclude(rates, limits);
  return rates;
}

json::object to_json(const PadRates& rates) {
  const auto maybe = [](const std::optional<Rate>& rate) -> json::value {
    if (!rate) return nullptr;
    return to_json(*rate);
  };
  json::array species;
  for (const SpeciesRates& one : rates.species) {
    json::object object{{"species", one.species},           {"presentations", one.presentations},
                        {"transactions", one.transactions}, {"subjects", one.subjects},
                        {"IAPAR", maybe(one.iapar)},        {"APCER", maybe(one.apcer)},
                        {"APNRR", to_json(one.apnrr)}};
    if (one.riapar)
      object["RIAPAR"] = *one.riapar;
    else
      object["RIAPAR"] = nullptr;
    species.push_back(std::move(object));
  }
  json::object object{
      {"species", std::move(species)},
      {"bona_fide",
       json::object{{"FRR", maybe(rates.frr)}, {"BPCER", maybe(rates.bpcer)}, {"BPNRR", maybe(rates.bpnrr)}}},
      {"worst_species", rates.worst}};
  if (rates.verdict)
    object["verdict"] = to_string(*rates.verdict);
  else
    object["verdict"] = nullptr;
  object["because"] = rates.why;
  return object;
}

}  // namespace shogo::statistics
