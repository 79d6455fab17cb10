#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <sqlite3.h>

#include <shogo/sim/person_register.h>

namespace shogo::sim {
namespace {

constexpr std::array<std::pair<PersonState, std::string_view>, 5> kStates{{
    {PersonState::kEligible, "eligible"},
    {PersonState::kNotRegistered, "not_registered"},
    {PersonState::kSuspended, "suspended"},
    {PersonState::kExpired, "expired"},
    {PersonState::kRevoked, "revoked"},
}};

constexpr std::array<std::pair<PaperKind, std::string_view>, 3> kPaperKinds{{
    {PaperKind::kSubsidy, "subsidy"},
    {PaperKind::kPrescription, "prescription"},
    {PaperKind::kReferral, "referral"},
}};

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS person ("
    " certificate_serial TEXT PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " birth_date TEXT NOT NULL,"
    " state TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS paper ("
    " certificate_serial TEXT NOT NULL,"
    " place INTEGER NOT NULL,"
    " kind TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " PRIMARY KEY (certificate_serial, place)) WITHOUT ROWID";

struct Statement {
  sqlite3_stmt* handle = nullptr;
  Statement(sqlite3* database, const char* sql) { sqlite3_prepare_v2(database, sql, -1, &handle, nullptr); }
  ~Statement() { sqlite3_finalize(handle); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  /// The text is copied: SQLite may look at it after this call.
  void bind(int index, std::string_view text) const {
    sqlite3_bind_text(handle, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  void bind(int index, std::int64_t number) const { sqlite3_bind_int64(handle, index, number); }
  [[nodiscard]] int step() const { return sqlite3_step(handle); }
  [[nodiscard]] std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle, column));
    return bytes == nullptr
               ? std::string()
               : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle, column)));
  }
};

/// Everything until keep(), or nothing.
class Change {
 public:
  explicit Change(sqlite3* database) : database_(database) { run("BEGIN"); }
  ~Change() {
    if (!kept_) run("ROLLBACK");
  }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  [[nodiscard]] bool keep() { return kept_ = run("COMMIT"); }

 private:
  bool run(const char* sql) { return sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }
  sqlite3* database_;
  bool kept_ = false;
};

Error database_error(sqlite3* database, const char* what) {
  return Error{Code::kUnavailable,
               fmt::format("cannot {} the register of people: {}", what, sqlite3_errmsg(database))};
}

}  // namespace

std::string_view to_string(PersonState state) {
  for (const auto& [value, name] : kStates) {
    if (value == state) return name;
  }
  return "unknown";
}

std::string_view to_string(PaperKind kind) {
  for (const auto& [value, name] : kPaperKinds) {
    if (value == kind) return name;
  }
  return "unknown";
}

std::optional<PersonState> person_state(std::string_view name) {
  for (const auto& [value, text] : kStates) {
    if (text == name) return value;
  }
  return std::nullopt;
}

Result<PersonRegister> PersonRegister::open(const std::filesystem::path& database) {
  sqlite3* handle = nullptr;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  const int rc = sqlite3_open_v2(database.c_str(), &handle, kFlags, nullptr);
  PersonRegister people(handle);
  if (rc != SQLITE_OK)
    return Error{Code::kUnavailable,
                 fmt::format("cannot open {}: {}", database.string(), sqlite3_errstr(rc))};
  if (sqlite3_exec(handle, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK)
    return database_error(handle, "prepare");
  return people;
}

PersonRegister::PersonRegister(sqlite3* database)
    : database_(database), mutex_(std::make_unique<std::mutex>()) {}

PersonRegister::~PersonRegister() {
  sqlite3_close_v2(database_);
}

PersonRegister::PersonRegister(PersonRegister&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), mutex_(std::move(other.mutex_)) {}

PersonRegister& PersonRegister::operator=(PersonRegister&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(mutex_, other.mutex_);
  return *this;
}

Result<void> PersonRegister::put(const Person& person) {
  for (const auto& [kind, name] : kPaperKinds) {
    const auto held = std::count_if(person.papers.begin(), person.papers.end(),
                                    [wanted = kind](const Paper& paper) { return paper.kind == wanted; });
    if (held > static_cast<std::ptrdiff_t>(kMostPapers))
      return Error{Code::kInvalid,
                   fmt::format("expected at most {} papers of kind {}, got {}", kMostPapers, name, held)};
  }
  for (const Paper& paper : person.papers)
    if (paper.name.size() > kLongestPaperName)
      return Error{Code::kInvalid, fmt::format("expected a paper's name of at most {} bytes, got {}",
                                               kLongestPaperName, paper.name.size())};
  const std::lock_guard lock(*mutex_);
  Change change(database_);
  const Statement insert(database_, "INSERT OR REPLACE INTO person VALUES (?1, ?2, ?3, ?4)");
  insert.bind(1, person.certificate_serial);
  insert.bind(2, person.name);
  insert.bind(3, person.birth_date);
  insert.bind(4, to_string(person.state));
  if (insert.step() != SQLITE_DONE) return database_error(database_, "write to");
  const Statement forget(database_, "DELETE FROM paper WHERE certificate_serial = ?1");
  forget.bind(1, person.certificate_serial);
  if (forget.step() != SQLITE_DONE) return database_error(database_, "write to");
  for (std::size_t place = 0; place < person.papers.size(); ++place) {
    const Statement add(database_, "INSERT INTO paper VALUES (?1, ?2, ?3, ?4)");
    add.bind(1, person.certificate_serial);
    add.bind(2, static_cast<std::int64_t>(place));
    add.bind(3, to_string(person.papers[place].kind));
    add.bind(4, person.papers[place].name);
    if (add.step() != SQLITE_DONE) return database_error(database_, "write to");
  }
  if (!change.keep()) return database_error(database_, "write to");
  return {};
}

Result<std::optional<Person>> PersonRegister::find(std::string_view certificate_serial) const {
  const std::lock_guard lock(*mutex_);
  const Statement select(database_,
                         "SELECT name, birth_date, state FROM person WHERE certificate_serial = ?1");
  select.bind(1, certificate_serial);
  const int rc = select.step();
  if (rc == SQLITE_DONE) return std::optional<Person>{};
  if (rc != SQLITE_ROW) return database_error(database_, "read");
  const auto state = person_state(select.text(2));
  if (!state.has_value())
    return Error{Code::kCorrupt, fmt::format("the register of people knows no state \"{}\"", select.text(2))};
  Person person{std::string(certificate_serial), select.text(0), select.text(1), *state};
  const Statement papers(database_,
                         "SELECT kind, name FROM paper WHERE certificate_serial = ?1 ORDER BY place");
  papers.bind(1, certificate_serial);
  int step = papers.step();
  for (; step == SQLITE_ROW; step = papers.step()) {
    const std::string word = papers.text(0);
    const auto* kind = std::find_if(kPaperKinds.begin(), kPaperKinds.end(),
                                    [&](const auto& known) { return known.second == word; });
    if (kind == kPaperKinds.end())
      return Error{Code::kCorrupt, fmt::format("the register of people knows no paper \"{}\"", word)};
    person.papers.push_back({kind->first, papers.text(1)});
  }
  if (step != SQLITE_DONE) return database_error(database_, "read");
  return std::optional<Person>{std::move(person)};
}

Result<void> PersonRegister::set_state(std::string_view certificate_serial, PersonState state) {
  const std::lock_guard lock(*mutex_);
  const Statement update(database_, "UPDATE person SET state = ?2 WHERE certificate_serial = ?1");
  update.bind(1, certificate_serial);
  update.bind(2, to_string(state));
  if (update.step() != SQLITE_DONE) return database_error(database_, "write to");
  if (sqlite3_changes(database_) == 0)
    return Error{Code::kNotFound, "nobody in the register has this certificate"};
  return {};
}

}  // namespace shogo::sim
