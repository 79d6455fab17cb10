#include "updater.h"

#include <algorithm>
#include <future>

#include <shogo/base/json_reader.h>
#include <shogo/contract/update_package.h>
#include <shogo/reference/update_words.h>

namespace shogo::agent {
namespace {

constexpr std::string_view kPath = "/v1/updates";
constexpr std::size_t kMaxList = 256U << 10;
constexpr std::size_t kMostOffers = 256;
constexpr std::size_t kMaxPackage = 86 + contract::kMaxPackageHeader + contract::kMaxPackageContent;
constexpr std::string_view kUnknown = "unknown";
/// Of a package, before base64: with its message it stays below what the link takes at once.
constexpr std::size_t kPart = 8U << 10;
/// A reader that says nothing about a package for so long does not know what that is; the next look begins
/// anew.
constexpr Nanoseconds kPatience = std::chrono::minutes(10);

bool is_for_reader(contract::PackageKind kind) {
  return kind == contract::PackageKind::kSettings || kind == contract::PackageKind::kAccuracy ||
         kind == contract::PackageKind::kFirmwareData;
}

PublicText version_text(std::string_view version) {
  const auto text = PublicText::device_identity(version);
  return text.ok() ? *text : PublicText::from_table(kUnknown);
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Updater::Updater(Parts parts, UpdaterHooks hooks, Clock& clock, Log& log)
    : parts_(std::move(parts)), hooks_(std::move(hooks)), clock_(clock), log_(log) {
  parts_.factory_keys = hooks_.keys(std::move(parts_.factory_keys));
}

Updater::~Updater() {
  stop();
}

void Updater::start() {
  open_store();
  next_look_ = clock_.now() + every_;
  thread_ = std::thread([this] { run(); });
}

void Updater::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  parts_.source.cancel();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Updater::post(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back(std::move(work));
  }
  changed_.notify_all();
}

void Updater::run() {
  const ClockThread here(clock_);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const Nanoseconds left = next_look_ - clock_.now();
    if (left.count() <= 0) {
      next_look_ = clock_.now() + every_;
      lock.unlock();
      if (hooks_.looks) look();
      lock.lock();
    } else if (orders_.empty()) {
      clock_.wait_for(lock, changed_, left, [&] { return stopping_ || !orders_.empty(); });
    } else {
      const auto work = std::move(orders_.front());
      orders_.pop_front();
      lock.unlock();
      work();
      lock.lock();
    }
  }
}

void Updater::settle() {
  std::promise<void> done;
  post([&] { done.set_value(); });
  done.get_future().wait();
}

void Updater::reader_connected() {
  post([this] {
    // A reader that wants another rhythm says so after its hello.
    const std::lock_guard lock(mutex_);
    every_ = kDefaultLook;
    next_look_ = clock_.now() + every_;
  });
  post([this] {
    tell_versions();
    if (delivery_) offer_delivery();
  });
}

void Updater::message(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto type = object->string("type");
  if (!type.ok()) return;
  if (*type == "update_poll") {
    const auto every = object->integer("every_ms");
    if (!every.ok() || *every < kShortestLook.count() || *every > kLongestLook.count()) return;
    post([this, every = milliseconds(*every)] {
      const std::lock_guard lock(mutex_);
      every_ = every;
      next_look_ = clock_.now() + every_;
    });
  } else if (*type == "forget_updates") {
    post([this] { forget(); });
  } else if (*type == "update_want") {
    const auto sha256 = object->string("sha256");
    const auto offset = object->integer("offset");
    if (sha256.ok() && offset.ok())
      post([this, sha256 = *sha256, offset = *offset] { send_part(sha256, offset); });
  } else if (*type == "update_result") {
    post([this, body] { delivered(body); });
  }
}

// --- what is installed

void Updater::open_store() {
  auto opened = reference::PackageStore::open(parts_.storage, parts_.factory_keys);
  if (!opened.ok()) {
    // The device works as it was built; nothing is installed over what nobody understands.
    log_.write("update_state_damaged");
    return;
  }
  store_.emplace(*std::move(opened));
  for (const Kind kind : store_->given_up()) tell({contract::to_string(kind), "", "rolled_back", "no_start"});
  check_profiles();
}

void Updater::check_profiles() {
  const auto news = reference::check_health(*store_,
                                            {Kind::kCardProfiles,
                                             [this](ByteView content) {
                                               auto profiles = read_card_profiles(content);
                                               if (profiles.ok())
                                                 parts_.cards.set(hooks_.profiles(*std::move(profiles)));
                                               return profiles.ok();
                                             },
                                             [this] { parts_.cards.set(built_in_profiles()); }},
                                            hooks_.rolls_back);
  if (news) tell(*news);
}

void Updater::forget() {
  if (const auto erased = reference::PackageStore::erase(parts_.storage); !erased.ok())
    log_.write("update_storage_failed");
  judged_.clear();
  waiting_.clear();
  delivery_.reset();
  store_.reset();
  open_store();
  parts_.send({{"type", "updates_forgotten"}});
  tell_versions();
}

// --- the network

Result<std::vector<Updater::Offer>> Updater::fetch_list() {
  Result<Bytes> body = Error{Code::kInternal, "not asked"};
  {
    const OutsideCall network(clock_);
    body = parts_.source.get(kPath, kMaxList);
  }
  if (!body.ok()) return body.error();
  SHOGO_TRY(const json::value document, parse_json(as_text(*body), "list of updates"));
  SHOGO_TRY(const JsonObject object, JsonObject::of(document, "list of updates"));
  SHOGO_TRY(const std::vector<JsonObject> listed, object.objects("updates"));
  std::vector<Offer> offers;
  for (const JsonObject& entry : listed) {
    if (offers.size() == kMostOffers) break;
    const auto sha256 = entry.string("sha256");
    const auto size = entry.integer("size");
    if (!sha256.ok() || !is_sha256(*sha256) || !size.ok() || *size < 0) continue;
    offers.push_back({*sha256, static_cast<std::size_t>(*size)});
  }
  return offers;
}

void Updater::look() {
  hooks_.beside_look();
  if (!store_) return;
  const auto offers = fetch_list();
  if (offers.ok() != network_there_) {
    network_there_ = offers.ok();
    if (network_there_) log_.write("update_network_back");
    if (!network_there_ && offers.error().code() != Code::kCancelled) log_.write("update_network_lost");
  }
  if (!offers.ok()) return;
  std::set<std::string, std::less<>> still;
  for (const Offer& offer : *offers)
    if (judged_.contains(offer.sha256)) still.insert(offer.sha256);
  judged_ = std::move(still);
  if (delivery_ && clock_.now() - delivery_->heard > kPatience) {
    judged_.erase(delivery_->sha256);
    delivery_.reset();
  }
  waiting_.clear();
  for (const Offer& offer : *offers)
    if (!judged_.contains(offer.sha256)) waiting_.push_back(offer);
  go_on();
}

void Updater::go_on() {
  while (!waiting_.empty() && !delivery_) {
    const Offer next = std::move(waiting_.front());
    waiting_.pop_front();
    judge(next);
  }
}

void Updater::judge(const Offer& offer) {
  if (offer.size > kMaxPackage) {
    judged_.insert(offer.sha256);
    tell({kUnknown, "", "refused", "too_large"});
    return;
  }
  Result<Bytes> package = Error{Code::kInternal, "not asked"};
  {
    const OutsideCall network(clock_);
    package = parts_.source.get(std::string(kPath) + "/" + offer.sha256, kMaxPackage);
  }
  if (!package.ok() && package.error().code() != Code::kExhausted) return;  // the next look tries again
  judged_.insert(offer.sha256);
  if (!package.ok()) return tell({kUnknown, "", "refused", "too_large"});
  // Not what was announced: whatever it is, nobody has vouched for its way here.
  if (sha256_hex(*package) != offer.sha256) return tell({kUnknown, "", "refused", "other_than_announced"});
  install(*std::move(package));
}

void Updater::install(Bytes package) {
  // The reader judges its own for itself; what claims to be nothing anybody knows is refused here.
  if (const auto kind = contract::claimed_header(package); kind && is_for_reader(kind->kind))
    return deliver(std::move(package));
  package = hooks_.package(std::move(package), *store_);
  const auto claimed = contract::claimed_header(package);
  const std::string_view kind = claimed ? contract::to_string(claimed->kind) : kUnknown;
  const std::string version = claimed ? claimed->version.text() : "";
  const auto before = claimed ? store_->installed(claimed->kind) : std::nullopt;
  if (const auto refused = store_->install(package)) {
    // After a start the package in force is met again: nothing has happened.
    if (refused->reason == "replayed" && before && before->sequence == claimed->sequence) return;
    return tell({kind, version, "refused", refused->reason});
  }
  hooks_.after_install(parts_.storage);
  if (claimed->kind == Kind::kKeys) {
    tell({kind, version, "installed", "none"});
    return deliver(std::move(package));  // both ends must trust the same
  }
  check_profiles();
  tell_versions();
}

// --- to the reader

void Updater::deliver(Bytes package) {
  std::string sha256 = sha256_hex(package);
  delivery_ = Delivery{std::move(sha256), std::move(package), clock_.now()};
  offer_delivery();
}

void Updater::offer_delivery() {
  parts_.send({{"type", "update_offer"}, {"sha256", delivery_->sha256}, {"size", delivery_->package.size()}});
}

void Updater::send_part(const std::string& sha256, std::int64_t offset) {
  if (!delivery_ || delivery_->sha256 != sha256 || offset < 0 ||
      static_cast<std::size_t>(offset) >= delivery_->package.size())
    return;
  delivery_->heard = clock_.now();
  const ByteView rest = ByteView(delivery_->package).subspan(static_cast<std::size_t>(offset));
  parts_.send({{"type", "update_part"},
               {"sha256", sha256},
               {"offset", offset},
               {"data", to_base64(rest.first(std::min(rest.size(), kPart)))}});
}

void Updater::delivered(const boost::json::object& body) {
  const json::value document = body;
  const auto object = JsonObject::of(document, "reader link");
  const auto sha256 = object->string("sha256");
  if (!delivery_ || !sha256.ok() || *sha256 != delivery_->sha256) return;
  delivery_.reset();
  // The reader has written it down, too; whoever looks for an update that did not come looks here.
  const auto word = [&](const auto& table, std::string_view key) {
    const auto given = object->string(key);
    return PublicText::from_table(reference::known_word(table, given.ok() ? *given : ""));
  };
  const auto version = object->string("version");
  log_.write("update_delivered", {{"kind", word(reference::kUpdateKinds, "kind")},
                                  {"version", version_text(version.ok() ? *version : "")},
                                  {"outcome", word(reference::kUpdateOutcomes, "outcome")},
                                  {"reason", word(reference::kUpdateReasons, "reason")}});
  go_on();
}

// --- telling

void Updater::tell(const reference::UpdateNews& news) {
  log_.write("update", {{"kind", PublicText::from_table(news.kind)},
                        {"version", version_text(news.version)},
                        {"outcome", PublicText::from_table(news.outcome)},
                        {"reason", PublicText::from_table(news.reason)}});
  parts_.send({{"type", "update"},
               {"kind", news.kind},
               {"version", news.version},
               {"outcome", news.outcome},
               {"reason", news.reason}});
}

void Updater::tell_versions() {
  json::array parts;
  if (store_)
    for (const Kind kind : {Kind::kCardProfiles})
      if (const auto installed = store_->installed(kind))
        parts.push_back({{"part", contract::to_string(kind)}, {"version", installed->version.text()}});
  parts_.send({{"type", "versions"}, {"parts", std::move(parts)}});
}

}  // namespace shogo::agent
