// Structured logging whose API cannot take personal data (requirements 3-17, 3-18).
// A value is a number, a boolean, a literal that stands in the source code, or a PublicText that passed a
// narrow gate. There is no way to log a std::string, a Secret or bytes: such a call does not compile. One
// line of JSON a record; a sink decides where the line goes. Log may be used from any thread.
#pragma once

#include <concepts>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo {

/// A text that stands in the source code. The constructor runs only at compile time, so no run-time text gets
/// in.
class Literal {
 public:
  template <std::size_t N>
  consteval Literal(const char (&text)[N]) : text_(text, N - 1) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// What a device may say about itself: model, firmware version, serial number, an error code. Up to 64
/// characters of [A-Za-z0-9._:+/ -], and never a bare run of four or more digits (which could be a PIN or a
/// number B).
class PublicText {
 public:
  static Result<PublicText> device_identity(std::string_view text);
  /// A name out of one of our own fixed tables (state names, reason codes): `table_entry` must have static
  /// storage.
  static PublicText from_table(std::string_view table_entry);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit PublicText(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

using LogValue = std::variant<bool, std::int64_t, double, Literal, PublicText>;

struct LogField {
  // Exactly bool: a pointer (a run-time text!) would convert to it.
  template <std::same_as<bool> Bool>
  LogField(Literal field_name, Bool v) : name(field_name), value(v) {}
  LogField(Literal field_name, std::int64_t v) : name(field_name), value(v) {}
  LogField(Literal field_name, int v) : name(field_name), value(std::int64_t{v}) {}
  LogField(Literal field_name, double v) : name(field_name), value(v) {}
  LogField(Literal field_name, Literal v) : name(field_name), value(v) {}
  LogField(Literal field_name, PublicText v) : name(field_name), value(std::move(v)) {}
  Literal name;
  LogValue value;
};

/// Receives finished lines (without the newline). Called under the log's lock, one line at a time.
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write_line(std::string_view line) = 0;
  /// Stores what could not be stored so far. False: something still waits for room.
  virtual bool catch_up() { return true; }
  /// How many lines are gone for good since the last call. Never more than 0 while something waits, so that
  /// whoever writes it down puts it where the gap is.
  virtual std::size_t take_lost() { return 0; }
};

/// Keeps the newest `capacity` lines; for tests, and for a device without storage.
class MemorySink final : public LogSink {
 public:
  explicit MemorySink(std::size_t capacity = 10'000) : capacity_(capacity) {}
  void write_line(std::string_view line) override;
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::size_t capacity_;
  std::vector<std::string> lines_;
};

/// Appends lines to a file (UTF-8), whole or not at all. When it would pass `limit` bytes the file becomes
/// PATH.1 and a new one begins, so that storage stays bounded at twice the limit. While the storage takes
/// nothing (full, or a quota) up to `backlog` bytes of lines wait in memory, the oldest first; what comes
/// when that is full too is counted as lost (3-18). The process must ignore SIGXFSZ, or a quota ends it. Any
/// thread.
class FileSink final : public LogSink {
 public:
  static constexpr std::size_t kLimit = 8U << 20;
  static constexpr std::size_t kBacklog = 256U << 10;
  /// A last line that was cut off, as by a loss of power, is removed and counts as lost.
  static Result<std::unique_ptr<FileSink>> open(std::string path, std::size_t limit = kLimit,
                                                std::size_t backlog = kBacklog);
  ~FileSink() override;
  void write_line(std::string_view line) override;
  bool catch_up() override;
  std::size_t take_lost() override;

 private:
  FileSink(std::string path, int fd, std::size_t limit, std::size_t backlog);
  void remove_torn_end();
  void rotate();
  [[nodiscard]] bool append(std::string_view text);
  bool empty_backlog();

  std::string path_;
  int fd_;
  std::size_t limit_;
  std::size_t most_waiting_;
  std::mutex mutex_;  // guards everything below
  std::size_t size_ = 0;
  std::deque<std::string> waiting_;  ///< lines with their newline
  std::size_t waiting_bytes_ = 0;
  std::size_t lost_ = 0;
};

class Log {
 public:
  /// `clock` and `sink` must outlive the log.
  Log(const Clock& clock, LogSink& sink, Literal component)
      : clock_(clock), sink_(sink), component_(component) {}
  void write(Literal event, std::initializer_list<LogField> fields = {});
  /// Stores what waited for room, and after it how much was lost. False: the storage still takes nothing.
  bool catch_up();

 private:
  void write_locked(Literal event, std::initializer_list<LogField> fields);
  void tell_lost();
  const Clock& clock_;
  LogSink& sink_;
  Literal component_;
  std::mutex mutex_;
  std::int64_t seq_ = 0;
};

}  // namespace shogo
