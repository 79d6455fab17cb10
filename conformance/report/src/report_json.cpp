#include <charconv>
#include <utility>

#include <fmt/core.h>

#include <shogo/conformance/report.h>
#include <shogo/conformance/roll_up.h>

namespace shogo::conformance {
namespace {

constexpr Verdict kVerdicts[] = {Verdict::kPass,        Verdict::kFail,          Verdict::kMet,
                                 Verdict::kNotMet,      Verdict::kInconclusive,  Verdict::kManualPending,
                                 Verdict::kNotRun,      Verdict::kNotApplicable, Verdict::kWaived,
                                 Verdict::kHarnessError};

json::array words(const std::vector<std::string>& list) {
  return json::array(list.begin(), list.end());
}

json::object to_json(const Count& count) {
  json::object by_verdict;
  for (const Verdict verdict : kVerdicts) by_verdict[to_string(verdict)] = count.of(verdict);
  return {{"total", count.total()},
          {"judged", count.judged()},
          {"settled", count.settled()},
          {"by_verdict", by_verdict}};
}

json::object to_json(const Summary& summary) {
  json::object items = to_json(summary.items);
  items["mandatory"] = to_json(summary.mandatory_items);
  items["recommended"] = to_json(summary.recommended_items);
  json::object clauses = to_json(summary.clauses);
  clauses["mandatory"] = to_json(summary.mandatory_clauses);
  clauses["recommended"] = to_json(summary.recommended_clauses);
  clauses["derived"] = to_json(summary.derived_clauses);
  json::object confidence;
  confidence["judged_clauses"] = summary.clauses.judged();
  confidence["proven_clauses"] = summary.proven_clauses;
  confidence["mutants_killed"] = summary.mutants_killed;
  confidence["simulated_clauses"] = summary.simulated_clauses;
  confidence["clauses_with_numbers_of_ours"] = summary.our_number_clauses;
  return {{"conformity", to_string(summary.conformity)},
          {"items", std::move(items)},
          {"clauses", std::move(clauses)},
          {"confidence", std::move(confidence)}};
}

json::object to_json(const Measurement& measurement) {
  return {{"name", measurement.name},
          {"value", measurement.value},
          {"unit", measurement.unit},
          {"limit", measurement.limit},
          {"n", measurement.n}};
}

json::object to_json(const Clause& clause, const ClauseResult& result) {
  json::array measurements;
  for (const Measurement& each : result.measurements) measurements.push_back(to_json(each));
  json::object object;
  object["id"] = clause.id;
  object["class"] = to_string(clause.parts);
  object["level"] = to_string(clause.level);
  object["verdict"] = to_string(result.verdict);
  object["reason"] = to_string(result.reason);
  object["simulated"] = result.simulated;
  object["evidence"] = words(result.evidence);
  object["mutants_killed"] = words(result.mutants_killed);
  object["because_ja"] = result.because_ja;
  object["because_en"] = result.because_en;
  object["measurements"] = std::move(measurements);
  object["requirement"] = to_json(clause);
  return object;
}

json::value or_null(std::string_view text) {
  return text.empty() ? json::value() : json::value(text);
}

Error at(const JsonObject& object, std::string_view problem) {
  return Error{Code::kCorrupt, fmt::format("{}: {}", object.where(), problem)};
}

Result<Verdict> read_verdict(const JsonObject& object) {
  SHOGO_TRY(const std::string word, object.string("verdict"));
  const auto verdict = verdict_from(word);
  if (!verdict) return at(object, fmt::format("unknown verdict \"{}\"", word));
  return *verdict;
}

Result<ClauseResult> read_result(const JsonObject& object, const Clause& clause) {
  SHOGO_CHECK_OK(object.only({"id", "class", "level", "verdict", "reason", "simulated", "evidence",
                              "mutants_killed", "because_ja", "because_en", "measurements", "requirement"}));
  ClauseResult result;
  SHOGO_TRY(result.clause, object.string("id"));
  SHOGO_TRY(const std::string parts, object.string("class"));
  SHOGO_TRY(const std::string level, object.string("level"));
  if (result.clause != clause.id || parts != to_string(clause.parts) || level != to_string(clause.level))
    return at(object, "id, class and level must be those of \"requirement\"");
  SHOGO_TRY(result.verdict, read_verdict(object));
  SHOGO_TRY(const std::string word, object.string("reason"));
  const auto reason = reason_from(word);
  if (!reason) return at(object, fmt::format("unknown reason \"{}\"", word));
  result.reason = *reason;
  SHOGO_TRY(result.simulated, object.boolean("simulated"));
  SHOGO_TRY(result.evidence, object.strings("evidence"));
  SHOGO_TRY(result.mutants_killed, object.strings("mutants_killed"));
  SHOGO_TRY(result.because_ja, object.string("because_ja"));
  SHOGO_TRY(result.because_en, object.string("because_en"));
  SHOGO_TRY(const std::vector<JsonObject> measurements, object.objects("measurements"));
  for (const JsonObject& each : measurements) {
    Measurement measurement;
    SHOGO_TRY(measurement.name, each.string("name"));
    SHOGO_TRY(measurement.value, each.number("value"));
    SHOGO_TRY(measurement.unit, each.string("unit"));
    SHOGO_TRY(measurement.limit, each.string("limit"));
    SHOGO_TRY(measurement.n, each.integer("n"));
    result.measurements.push_back(std::move(measurement));
  }
  if (to_level(result.verdict, clause.level) != result.verdict ||
      (clause.level == Level::kMandatory &&
       (result.verdict == Verdict::kMet || result.verdict == Verdict::kNotMet)))
    return at(object, "the verdict is not in the words of its level");
  return result;
}

Result<JudgedItem> read_judged_item(const JsonObject& object) {
  SHOGO_CHECK_OK(object.only({"id", "title_ja", "title_en", "level", "verdict", "group", "changed_in",
                              "paraphrase_ja", "paraphrase_en", "clauses"}));
  JudgedItem judged;
  SHOGO_TRY(judged.item.id, object.string("id"));
  SHOGO_TRY(judged.item.title.ja, object.string("title_ja"));
  SHOGO_TRY(judged.item.title.en, object.string("title_en"));
  SHOGO_TRY(judged.item.paraphrase.ja, object.string("paraphrase_ja"));
  SHOGO_TRY(judged.item.paraphrase.en, object.string("paraphrase_en"));
  SHOGO_TRY(const std::string level, object.string("level"));
  const auto known = level_from(level);
  if (!known) return at(object, fmt::format("unknown level \"{}\"", level));
  judged.item.level = *known;
  SHOGO_TRY(const std::int64_t group, object.integer("group"));
  if (group < 1 || group > 5) return at(object, "group must be 1 to 5");
  judged.item.group = static_cast<int>(group);
  if (!object.missing("changed_in")) {
    SHOGO_TRY(judged.item.changed_in, object.string("changed_in"));
  }
  SHOGO_TRY(const std::vector<JsonObject> clauses, object.objects("clauses"));
  if (clauses.empty()) return at(object, "an item has at least one clause");
  std::vector<Verdict> verdicts;
  for (const JsonObject& each : clauses) {
    SHOGO_TRY(const JsonObject requirement, each.object("requirement"));
    SHOGO_TRY(Clause clause, read_clause(requirement));
    SHOGO_TRY(ClauseResult result, read_result(each, clause));
    verdicts.push_back(result.verdict);
    judged.item.clauses.push_back(std::move(clause));
    judged.results.push_back(std::move(result));
  }
  SHOGO_TRY(judged.verdict, read_verdict(object));
  if (judged.verdict != roll_up(judged.item, verdicts))
    return at(object, fmt::format("verdict {} does not follow from the clauses", to_string(judged.verdict)));
  return judged;
}

}  // namespace

json::object to_json(const Report& report) {
  json::array items;
  for (const JudgedItem& judged : report.items) {
    json::array clauses;
    for (std::size_t i = 0; i < judged.results.size(); ++i)
      clauses.push_back(to_json(judged.item.clauses[i], judged.results[i]));
    json::object item;
    item["id"] = judged.item.id;
    item["title_ja"] = judged.item.title.ja;
    item["title_en"] = judged.item.title.en;
    item["level"] = to_string(judged.item.level);
    item["verdict"] = to_string(judged.verdict);
    item["group"] = judged.item.group;
    item["changed_in"] = or_null(judged.item.changed_in);
    item["paraphrase_ja"] = judged.item.paraphrase.ja;
    item["paraphrase_en"] = judged.item.paraphrase.en;
    item["clauses"] = std::move(clauses);
    items.push_back(std::move(item));
  }
  json::object object;
  object["schema"] = kReportSchema;
  object["tool"] = json::object{{"version", report.info.tool_version}, {"commit", report.info.tool_commit}};
  object["catalogue_sha256"] = report.catalogue_sha256;
  object["source"] = json::object{{"title_ja", report.source.title.ja},
                                  {"title_en", report.source.title.en},
                                  {"publisher_ja", report.source.publisher.ja},
                                  {"publisher_en", report.source.publisher.en},
                                  {"version", report.source.version},
                                  {"date", report.source.date},
                                  {"sha256", report.source.sha256}};
  object["seed"] = report.info.seed;
  object["dut"] = report.info.dut;
  object["device"] = report.info.device;
  object["profile"] = report.info.profile;
  object["summary"] = to_json(summarise(report));
  object["items"] = std::move(items);
  return object;
}

Result<Report> parse_report(const json::value& value, const std::string& where) {
  SHOGO_TRY(const JsonObject object, JsonObject::of(value, where));
  SHOGO_CHECK_OK(object.only({"schema", "tool", "catalogue_sha256", "source", "seed", "dut", "device",
                              "profile", "summary", "items"}));
  SHOGO_TRY(const std::string schema, object.string("schema"));
  if (schema != kReportSchema)
    return Error{Code::kUnsupported,
                 fmt::format("{}: schema \"{}\" is not {}", where, schema, kReportSchema)};
  Report report;
  SHOGO_TRY(const JsonObject tool, object.object("tool"));
  SHOGO_TRY(report.info.tool_version, tool.string("version"));
  SHOGO_TRY(report.info.tool_commit, tool.string("commit"));
  SHOGO_TRY(report.catalogue_sha256, object.string("catalogue_sha256"));
  SHOGO_TRY(const JsonObject source, object.object("source"));
  SHOGO_TRY(report.source.title.ja, source.string("title_ja"));
  SHOGO_TRY(report.source.title.en, source.string("title_en"));
  SHOGO_TRY(report.source.publisher.ja, source.string("publisher_ja"));
  SHOGO_TRY(report.source.publisher.en, source.string("publisher_en"));
  SHOGO_TRY(report.source.version, source.string("version"));
  SHOGO_TRY(report.source.date, source.string("date"));
  SHOGO_TRY(report.source.sha256, source.string("sha256"));
  const json::value* seed = object.raw().if_contains("seed");
  if (seed == nullptr || !(seed->is_uint64() || (seed->is_int64() && seed->as_int64() >= 0)))
    return at(object, "\"seed\" must be a whole number, 0 or more");
  report.info.seed = seed->to_number<std::uint64_t>();
  SHOGO_TRY(report.info.dut, object.string("dut"));
  SHOGO_TRY(report.info.profile, object.string("profile"));
  SHOGO_TRY(const JsonObject device, object.object("device"));
  report.info.device = device.raw();

  SHOGO_TRY(const std::vector<JsonObject> items, object.objects("items"));
  for (const JsonObject& each : items) {
    SHOGO_TRY(JudgedItem judged, read_judged_item(each));
    const std::size_t position = report.items.size();
    if (position >= document_order().size() || judged.item.id != document_order()[position])
      return at(each, "the 69 items must stand in document order");
    report.items.push_back(std::move(judged));
  }
  if (report.items.size() != document_order().size())
    return at(object, fmt::format("{} items instead of {}", report.items.size(), document_order().size()));
  if (!object.raw().contains("summary") ||
      object.raw().at("summary") != json::value(to_json(summarise(report))))
    return at(object, "the summary does not follow from the items");
  return report;
}

}  // namespace shogo::conformance
