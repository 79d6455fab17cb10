#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/sim/card_file.h>

namespace shogo::sim {
namespace {

constexpr std::string_view kSchema = "shogo-card/1";

json::value memory_json(const std::vector<PinMemory>& memory) {
  json::array list;
  for (const PinMemory& item : memory)
    list.push_back({{"application", item.application},
                    {"id", fmt::format("{:04X}", item.id)},
                    {"tries_left", item.tries_left},
                    {"value", to_hex(item.value.expose())}});
  return list;
}

std::string file_text(const json::value& issued, json::value memory) {
  return json::serialize(json::value{{"schema", kSchema},
                                     {"sha256", sha256_hex(as_bytes(json::serialize(issued)))},
                                     {"issued", issued},
                                     {"memory", std::move(memory)}}) +
         "\n";
}

Result<Bytes> hex_member(const JsonObject& object, std::string_view key) {
  SHOGO_TRY(const std::string text, object.string(key));
  auto bytes = from_hex(text);
  if (!bytes.ok()) return Error{Code::kCorrupt, fmt::format("{}: \"{}\" must be hex", object.where(), key)};
  return bytes;
}

Result<CardContents> read_contents(const JsonObject& issued) {
  CardContents contents;
  SHOGO_TRY(contents.pupi, hex_member(issued, "pupi"));
  SHOGO_TRY(const JsonObject files, issued.object("files"));
  for (const auto& item : files.raw()) {
    SHOGO_TRY(const std::string text, files.string(item.key()));
    auto bytes = from_base64(text);
    if (!bytes.ok())
      return Error{Code::kCorrupt,
                   fmt::format("{}: \"{}\" must be base64", files.where(), std::string_view(item.key()))};
    contents.files.emplace(item.key(), std::move(bytes).value());
  }
  SHOGO_TRY(const JsonObject secrets, issued.object("secrets"));
  for (const auto& item : secrets.raw()) {
    SHOGO_TRY(Bytes bytes, hex_member(secrets, item.key()));
    contents.secrets.emplace(item.key(), Secret::take(bytes));
  }
  SHOGO_TRY(const JsonObject keys, issued.object("keys"));
  for (const auto& item : keys.raw()) {
    SHOGO_TRY(const std::string pem, keys.string(item.key()));
    auto key = KeyPair::from_private_pem(pem);
    if (!key.ok())
      return Error{Code::kCorrupt, fmt::format("{}: \"{}\" must be a private key in PEM", keys.where(),
                                               std::string_view(item.key()))};
    contents.keys.emplace(item.key(), std::move(key).value());
  }
  return contents;
}

Result<std::vector<PinMemory>> read_memory(const JsonObject& file) {
  std::vector<PinMemory> memory;
  SHOGO_TRY(const auto list, file.objects("memory"));
  for (const JsonObject& item : list) {
    SHOGO_CHECK_OK(item.only({"application", "id", "tries_left", "value"}));
    PinMemory one;
    SHOGO_TRY(one.application, item.string("application"));
    SHOGO_TRY(const Bytes id, hex_member(item, "id"));
    SHOGO_TRY(const std::int64_t left, item.integer("tries_left"));
    SHOGO_TRY(Bytes value, hex_member(item, "value"));
    if (id.size() != 2 || left < 0 || left > 15 || value.size() > 16)
      return Error{Code::kCorrupt,
                   fmt::format("{}: expected an id of 4 hex digits, 0 to 15 tries and at most 16 "
                               "bytes",
                               item.where())};
    one.id = static_cast<std::uint16_t>(read_be(id));
    one.tries_left = static_cast<int>(left);
    one.value = Secret::take(value);
    memory.push_back(std::move(one));
  }
  return memory;
}

Result<std::unique_ptr<VirtualCard>> run(CardProfile profile, CardContents contents,
                                         const std::vector<PinMemory>& memory) {
  // Challenges may repeat when a card is opened again: the seed is the card's own.
  const std::uint64_t seed = contents.pupi.size() == 4 ? read_be(contents.pupi) : 0;
  SHOGO_TRY(auto card, VirtualCard::create(std::move(profile), std::move(contents), seed));
  SHOGO_CHECK_OK(card->restore(memory));
  return card;
}

/// The lock lies beside the card, because saving replaces the card's file; its owner removes it at the end.
/// Whoever opened it in that moment holds a file that has no name any more, and tries again.
Result<int> lock_beside(const std::filesystem::path& path) {
  const std::string name = path.string() + ".lock";
  for (int attempt = 0; attempt < 100; ++attempt) {
    const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
      return Error{Code::kDenied, fmt::format("cannot create {}: {}; the card must be in a folder where its "
                                              "counters can be kept",
                                              name, std::strerror(errno))};
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      ::close(fd);
      return Error{Code::kConflict, fmt::format("{} is in use by another program", path.string())};
    }
    struct stat ours {
    }, named{};
    if (::fstat(fd, &ours) == 0 && ::stat(name.c_str(), &named) == 0 && ours.st_ino == named.st_ino)
      return fd;
    ::close(fd);
  }
  return Error{Code::kConflict, fmt::format("{} is opened and closed all the time by others", path.string())};
}

}  // namespace

std::string print_card_file(const PreparedCard& card, const CardOrder& order) {
  const CardPerson& person = order.person;
  json::object files, secrets, keys;
  for (const auto& [name, bytes] : card.contents.files) files[name] = to_base64(bytes);
  for (const auto& [name, secret] : card.contents.secrets) secrets[name] = to_hex(secret.expose());
  for (const auto& [name, key] : card.contents.keys) keys[name] = key.private_pem();
  const json::value issued{{"synthetic", true},
                           {"person",
                            {{"key", person.key},
                             {"name", person.name},
                             {"address", person.address},
                             {"birth_date", person.birth_date},
                             {"sex", std::string(1, person.sex)}}},
                           {"expiry_date", order.expiry_date},
                           {"security_code", order.security_code},
                           {"certificate_serial", card.certificate_serial},
                           {"signature_serial", card.signature_serial},
                           {"profile", card.profile},
                           {"pupi", to_hex(card.contents.pupi)},
                           {"files", std::move(files)},
                           {"secrets", std::move(secrets)},
                           {"keys", std::move(keys)}};
  return file_text(issued, json::array());
}

Result<StoredCard> parse_card_file(std::string_view text, std::string_view where) {
  SHOGO_TRY(const json::value document, parse_json(text, where));
  SHOGO_TRY(const JsonObject file, JsonObject::of(document, std::string(where)));
  SHOGO_TRY(const std::string schema, file.string("schema"));
  if (schema != kSchema)
    return Error{Code::kUnsupported,
                 fmt::format("{}: \"schema\" is \"{}\"; this program reads \"{}\". Is it a card "
                             "of shogo card issue?",
                             where, schema, kSchema)};
  SHOGO_CHECK_OK(file.only({"schema", "sha256", "issued", "memory"}));
  SHOGO_TRY(const std::string seal, file.string("sha256"));
  SHOGO_TRY(const JsonObject issued, file.object("issued"));
  if (sha256_hex(as_bytes(json::serialize(file.raw().at("issued")))) != seal)
    return Error{Code::kCorrupt,
                 fmt::format("{}: the issued part does not match its checksum: the file was damaged "
                             "or edited; issue the card anew",
                             where)};
  StoredCard card;
  card.issued = file.raw().at("issued");
  SHOGO_TRY(const JsonObject profile, issued.object("profile"));
  SHOGO_TRY(card.profile, read_card_profile(card.issued.at("profile"), profile.where()));
  SHOGO_TRY(card.contents, read_contents(issued));
  SHOGO_TRY(card.memory, read_memory(file));
  return card;
}

Result<std::unique_ptr<FiledCard>> FiledCard::open(const std::filesystem::path& path) {
  SHOGO_TRY(std::string text, read_text(path));  // before anything is created beside it
  auto filed = std::unique_ptr<FiledCard>(new FiledCard);
  filed->path_ = path;
  SHOGO_TRY(filed->lock_, lock_beside(path));
  SHOGO_TRY(text, read_text(path));  // as it is now that nobody else writes it
  SHOGO_TRY(StoredCard stored, parse_card_file(text, path.string()));
  filed->issued_ = std::move(stored.issued);
  auto card = run(std::move(stored.profile), std::move(stored.contents), stored.memory);
  if (!card.ok()) return Error{Code::kCorrupt, fmt::format("{}: {}", path.string(), card.error().describe())};
  filed->card_ = std::move(card).value();
  filed->card_->keep([raw = filed.get()] { return raw->save().ok(); });
  return filed;
}

FiledCard::~FiledCard() {
  if (card_) card_->keep({});
  if (lock_ >= 0) {
    ::unlink((path_.string() + ".lock").c_str());
    ::close(lock_);
  }
}

Result<void> FiledCard::save() {
  return write_text(path_, file_text(issued_, memory_json(card_->memory())));
}

}  // namespace shogo::sim
