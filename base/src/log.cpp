#include <cctype>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

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

Result<std::unique_ptr<FileSink>> FileSink::open(std::string path, std::size_t limit) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0)
    return Error{Code::kUnavailable,
                 fmt::format("cannot open the log file {}: {}", path, std::strerror(errno))};
  struct stat st {};
  const std::size_t size = ::fstat(fd, &st) == 0 ? static_cast<std::size_t>(st.st_size) : 0;
  return std::unique_ptr<FileSink>(new FileSink(std::move(path), fd, size, limit));
}

FileSink::FileSink(std::string path, int fd, std::size_t size, std::size_t limit)
    : path_(std::move(path)), fd_(fd), size_(size), limit_(limit) {}

FileSink::~FileSink() {
  ::close(fd_);
}

void FileSink::write_line(std::string_view line) {
  if (size_ > 0 && size_ + line.size() + 1 > limit_) {
    if (::rename(path_.c_str(), (path_ + ".1").c_str()) == 0) {
      const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      if (fd >= 0) {
        ::close(fd_);
        fd_ = fd;
        size_ = 0;
      }
    }
  }
  std::string text(line);
  text += '\n';
  // One write() a line: lines of several processes never mix. A full disk loses the line, never the device.
  if (::write(fd_, text.data(), text.size()) > 0) size_ += text.size();
}

void Log::write(Literal event, std::initializer_list<LogField> fields) {
  const std::lock_guard lock(mutex_);
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
