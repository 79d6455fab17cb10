#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/stat.h>

#include <shogo/base/log.h>

namespace shogo {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string print(const LogValue& value) {
  struct Printer {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{:.6g}", v); }
    std::string operator()(const Literal& v) const { return quoted(v.text()); }
    std::string operator()(const PublicText& v) const { return quoted(v.text()); }
  };
  return std::visit(Printer{}, value);
}

}  // namespace

Result<PublicText> PublicText::device_identity(std::string_view text) {
  if (text.empty() || text.size() > 64)
    return Error{Code::kInvalid, fmt::format("a public text has 1 to 64 characters, got {}", text.size())};
  int digits = 0;
  for (char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) == 0 && std::string_view("._:+/ -").find(c) == std::string_view::npos)
      return Error{Code::kInvalid, "a public text takes only [A-Za-z0-9._:+/ -]"};
    digits = std::isdigit(u) != 0 ? digits + 1 : 0;
    if (digits >= 4) return Error{Code::kInvalid, "a public text holds no run of four digits"};
  }
  return PublicText(std::string(text));
}

PublicText PublicText::from_table(std::string_view table_entry) {
  return PublicText(std::string(table_entry));
}

void MemorySink::write_line(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (lines_.size() == capacity_) lines_.erase(lines_.begin());
  lines_.emplace_back(line);
}

std::vector<std::string> MemorySink::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

Result<std::unique_ptr<FileSink>> FileSink::open(std::string path, std::size_t limit, std::size_t backlog) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot open the log file {}: {}", path, std::strerror(errno))};
  return std::unique_ptr<FileSink>(new FileSink(std::move(path), fd, limit, backlog));
}

FileSink::FileSink(std::string path, int fd, std::size_t limit, std::size_t backlog)
    : path_(std::move(path)), fd_(fd), limit_(limit), most_waiting_(backlog) {
  struct stat st {};
  size_ = ::fstat(fd_, &st) == 0 ? static_cast<std::size_t>(st.st_size) : 0;
  remove_torn_end();
}

FileSink::~FileSink() {
  ::close(fd_);
}

void FileSink::remove_torn_end() {
  constexpr std::size_t kPiece = 4'096;
  char piece[kPiece];
  std::size_t end = size_;
  while (end > 0) {
    const std::size_t begin = end > kPiece ? end - kPiece : 0;
    const ssize_t n = ::pread(fd_, piece, end - begin, static_cast<off_t>(begin));
    if (n != static_cast<ssize_t>(end - begin)) return;
    const std::size_t newline = std::string_view(piece, end - begin).rfind('\n');
    end = newline == std::string_view::npos ? begin : begin + newline + 1;
    if (newline != std::string_view::npos) break;
  }
  if (end == size_ || ::ftruncate(fd_, static_cast<off_t>(end)) != 0) return;
  size_ = end;
  ++lost_;
}

void FileSink::rotate() {
  if (::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) return;
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  ::close(fd_);
  fd_ = fd;
  size_ = 0;
}

/// One write() a line: lines of several processes never mix.
bool FileSink::append(std::string_view text) {
  if (size_ > 0 && size_ + text.size() > limit_) rotate();
  ssize_t n = 0;
  do n = ::write(fd_, text.data(), text.size());
  while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(text.size())) {
    size_ += text.size();
    return true;
  }
  // The last room took a part of it: half a record is none.
  if (n > 0 && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0) size_ += static_cast<std::size_t>(n);
  return false;
}

bool FileSink::empty_backlog() {
  while (!waiting_.empty() && append(waiting_.front())) {
    waiting_bytes_ -= waiting_.front().size();
    waiting_.pop_front();
  }
  return waiting_.empty();
}

void FileSink::write_line(std::string_view line) {
  const std::lock_guard lock(mutex_);
  std::string text(line);
  text += '\n';
  if (empty_backlog() && append(text)) return;
  if (waiting_bytes_ + text.size() > most_waiting_) {
    // What came first tells how it began; the newest goes.
    ++lost_;
    return;
  }
  waiting_bytes_ += text.size();
  waiting_.push_back(std::move(text));
}

bool FileSink::catch_up() {
  const std::lock_guard lock(mutex_);
  return empty_backlog();
}

std::size_t FileSink::take_lost() {
  const std::lock_guard lock(mutex_);
  return waiting_.empty() ? std::exchange(lost_, 0) : 0;
}

void Log::write(Literal event, std::initializer_list<LogField> fields) {
  const std::lock_guard lock(mutex_);
  // What waited comes first, then the gap, then what is new.
  if (sink_.catch_up()) tell_lost();
  write_locked(event, fields);
}

bool Log::catch_up() {
  const std::lock_guard lock(mutex_);
  if (!sink_.catch_up()) return false;
  tell_lost();
  return true;
}

void Log::tell_lost() {
  const std::size_t lost = sink_.take_lost();
  if (lost > 0) write_locked("records_lost", {{"count", static_cast<std::int64_t>(lost)}});
}

void Log::write_locked(Literal event, std::initializer_list<LogField> fields) {
  std::string line =
      fmt::format(R"({{"t":"{}","seq":{},"component":{},"event":{})", format_jst(clock_.wall_now()), seq_++,
                  quoted(component_.text()), quoted(event.text()));
  for (const LogField& field : fields) {
    line += ',' + quoted(field.name.text()) + ':' + print(field.value);
  }
  line += '}';
  sink_.write_line(line);
}

}  // namespace shogo
