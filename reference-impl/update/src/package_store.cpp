#include "package_state.h"
#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace shogo::reference {
namespace {

constexpr std::string_view kState = "state.json";
constexpr std::string_view kNewState = "state.new";
constexpr std::size_t kMaxKeys = 8;

std::string file_name(PackageKind kind, const PackageStore::Installed& installed) {
  return fmt::format("{}-{}.data", contract::to_string(kind), installed.sequence);
}

PackageStore::Refused refused(const Error& error) {
  return {error.code() == Code::kExhausted ? "storage_full" : "storage_failed"};
}

Shelf rolled_back(Shelf shelf) {
  shelf.active = std::move(shelf.previous);
  shelf.previous.reset();
  shelf.trial_starts = 0;
  shelf.works = false;
  return shelf;
}

void set_trials_aside(PackageState& state, std::vector<PackageKind>& given_up) {
  given_up.clear();
  for (auto& [kind, shelf] : state.shelves) {
    if (shelf.trial_starts == 0) continue;
    shelf = rolled_back(std::move(shelf));
    given_up.push_back(kind);
  }
}

}  // namespace

PackageStore::PackageStore(Storage& storage, std::unique_ptr<PackageState> state)
    : storage_(&storage), state_(std::move(state)) {}
PackageStore::PackageStore(PackageStore&& other) noexcept = default;
PackageStore::~PackageStore() = default;

Result<PackageStore> PackageStore::open(Storage& storage, std::vector<PublicKey> factory_keys) {
  auto state = std::make_unique<PackageState>();
  state->keys = std::move(factory_keys);
  const auto stored = storage.read(kState);
  if (stored.ok()) {
    SHOGO_TRY(*state, parse_state(as_text(*stored)));
  } else if (stored.error().code() != Code::kNotFound) {
    return stored.error();
  }
  PackageStore store(storage, std::move(state));
  PackageState next = *store.state_;
  for (auto& [kind, shelf] : next.shelves) {
    // What the disk has lost since it was confirmed is not taken for a version; the one before is still
    // there.
    const bool lost =
        shelf.previous && !store.is_whole(kind, *shelf.active) && store.is_whole(kind, *shelf.previous);
    if (shelf.trial_starts == 0 && !lost) continue;
    if (lost || shelf.trial_starts >= kMaxTrialStarts) {
      shelf = rolled_back(std::move(shelf));
      store.given_up_.push_back(kind);
    } else {
      ++shelf.trial_starts;
    }
  }
  if (state_text(next) != state_text(*store.state_)) {
    const auto counted = store.commit(std::move(next));
    if (!counted.ok() && counted.error().code() != Code::kExhausted) return counted.error();
    // A start that a full disk cannot count is risked with nothing that is on trial: what was before is in
    // force until a start can be counted. Nothing is swept, because the disk still names the trial.
    if (!counted.ok()) {
      set_trials_aside(*store.state_, store.given_up_);
      return store;
    }
  }
  store.sweep();
  return store;
}

Result<void> PackageStore::erase(Storage& storage) {
  SHOGO_TRY(const std::vector<std::string> names, storage.list());
  // The state first: files without one are the remains that every start sweeps.
  for (const std::string& name : names)
    if (name == kState) SHOGO_CHECK_OK(storage.remove(name));
  SHOGO_CHECK_OK(storage.sync_folder());
  for (const std::string& name : names)
    if (name != kState) SHOGO_CHECK_OK(storage.remove(name));
  return storage.sync_folder();
}

Result<void> PackageStore::commit(PackageState next) {
  const std::string text = state_text(next);
  SHOGO_CHECK_OK(storage_->write(kNewState, as_bytes(text)));
  SHOGO_CHECK_OK(storage_->sync(kNewState));
  SHOGO_CHECK_OK(storage_->rename(kNewState, kState));
  // When this fails nobody knows which of the two states the disk has. Both have all their files there,
  // because only a commit that succeeded is followed by a sweep.
  SHOGO_CHECK_OK(storage_->sync_folder());
  *state_ = std::move(next);
  return {};
}

void PackageStore::sweep() {
  std::set<std::string, std::less<>> needed = {std::string(kState)};
  for (const auto& [kind, shelf] : state_->shelves) {
    for (const auto* installed : {&shelf.active, &shelf.previous})
      if (*installed) needed.insert(file_name(kind, **installed));
  }
  const auto names = storage_->list();
  if (!names.ok()) return;
  // A file that stays behind costs space only; the next start tries again.
  for (const std::string& name : *names)
    if (!needed.contains(name)) (void)storage_->remove(name);
}

std::optional<PackageStore::Refused> PackageStore::install(ByteView bytes) {
  const auto read = contract::read_package(bytes, state_->keys);
  if (const auto* refusal = std::get_if<contract::PackageRefusal>(&read))
    return Refused{contract::to_string(*refusal)};
  const auto& package = std::get<contract::Package>(read);
  const auto& header = package.header;
  const auto found = state_->shelves.find(header.kind);
  Shelf shelf = found == state_->shelves.end() ? Shelf{} : found->second;
  if (header.sequence <= shelf.highest_sequence) return Refused{"replayed"};
  if (header.kind == PackageKind::kKeys) return install_keys(package);
  if (shelf.trial_starts > 0) {
    if (!shelf.works) return Refused{"trial_running"};
    if (const auto confirmed = confirm(header.kind); !confirmed.ok()) return refused(confirmed.error());
    shelf = state_->shelves[header.kind];
  }
  if (shelf.active && header.version < shelf.active->version && !header.roll_back)
    return Refused{"downgrade"};

  shelf.highest_sequence = header.sequence;
  shelf.previous = std::move(shelf.active);
  shelf.active = Installed{header.version, header.sequence, sha256_hex(package.content)};
  shelf.trial_starts = 1;
  shelf.works = false;
  const std::string name = file_name(header.kind, *shelf.active);
  PackageState next = *state_;
  next.shelves[header.kind] = std::move(shelf);
  // Content first, and safe; only then the state that names it.
  auto done = storage_->write(name, package.content);
  if (done.ok()) done = storage_->sync(name);
  if (done.ok()) done = storage_->sync_folder();
  if (!done.ok()) {
    (void)storage_->remove(name);  // its space is wanted back; the next start sweeps it too
    return refused(done.error());
  }
  done = commit(std::move(next));
  return done.ok() ? std::nullopt : std::optional(refused(done.error()));
}

std::optional<PackageStore::Refused> PackageStore::install_keys(const contract::Package& package) {
  const ByteView content = package.content;
  const std::size_t count = content.size() / std::tuple_size_v<PublicKey>;
  if (content.size() % std::tuple_size_v<PublicKey> != 0 || count < 1 || count > kMaxKeys)
    return Refused{"bad_keys"};
  PackageState next = *state_;
  next.keys.clear();
  bool signer_stays = false;
  for (std::size_t i = 0; i < count; ++i) {
    PublicKey key{};
    const ByteView from = content.subspan(i * key.size(), key.size());
    std::copy(from.begin(), from.end(), key.begin());
    signer_stays = signer_stays || contract::key_id(key) == package.signer;
    next.keys.push_back(key);
  }
  if (!signer_stays) return Refused{"signer_missing"};
  next.shelves[PackageKind::kKeys].highest_sequence = package.header.sequence;
  const auto done = commit(std::move(next));
  return done.ok() ? std::nullopt : std::optional(refused(done.error()));
}

Result<void> PackageStore::confirm(PackageKind kind) {
  if (!on_trial(kind)) return {};
  PackageState next = *state_;
  next.shelves[kind].trial_starts = 0;
  state_->shelves[kind].works = true;  // a full disk may not take the word: the next package asks again
  SHOGO_CHECK_OK(commit(std::move(next)));
  sweep();
  return {};
}

bool PackageStore::is_whole(PackageKind kind, const Installed& installed) const {
  const auto bytes = storage_->read(file_name(kind, installed));
  return bytes.ok() && sha256_hex(*bytes) == installed.sha256;
}

Result<void> PackageStore::roll_back(PackageKind kind) {
  if (!on_trial(kind)) return {};
  PackageState next = *state_;
  next.shelves[kind] = rolled_back(std::move(next.shelves[kind]));
  SHOGO_CHECK_OK(commit(std::move(next)));
  sweep();
  return {};
}

std::optional<PackageStore::Installed> PackageStore::installed(PackageKind kind) const {
  const auto found = state_->shelves.find(kind);
  return found == state_->shelves.end() ? std::nullopt : found->second.active;
}

bool PackageStore::on_trial(PackageKind kind) const {
  const auto found = state_->shelves.find(kind);
  return found != state_->shelves.end() && found->second.trial_starts > 0;
}

const std::vector<PublicKey>& PackageStore::trusted_keys() const {
  return state_->keys;
}

Result<Bytes> PackageStore::content(PackageKind kind) const {
  const auto active = installed(kind);
  if (!active)
    return Error{Code::kNotFound,
                 fmt::format("no package of {} was ever installed", contract::to_string(kind))};
  if (!is_whole(kind, *active))
    return Error{Code::kCorrupt, fmt::format("the installed package of {} is damaged on the disk",
                                             contract::to_string(kind))};
  return storage_->read(file_name(kind, *active));
}

}  // namespace shogo::reference
