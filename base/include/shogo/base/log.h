// Structured logging whose API cannot take personal data (requirements 3-17, 3-18).
// A value is a number, a boolean, a literal that stands in the source code, or a PublicText that passed a
// narrow gate. There is no way to log a std::string, a Secret or bytes: such a call does not compile. One
// line of JSON a record; a sink decides where the line goes. Log may be used from any thread.
#pragma once

#include <concepts>
#include <cstdint>
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

/// Appends lines to a file (UTF-8). When it would pass `limit` bytes the file becomes PATH.1 and a new one
/// begins, so that storage stays bounded at twice the limit.
class FileSink final : public LogSink {
 public:
  static Result<std::unique_ptr<FileSink>> open(std::string path, std::size_t limit = 8U << 20);
  ~FileSink() override;
  void write_line(std::string_view line) override;

 private:
  FileSink(std::string path, int fd, std::size_t size, std::size_t limit);
  std::string path_;
  int fd_;
  std::size_t size_;
  std::size_t limit_;
};

class Log {
 public:
  /// `clock` and `sink` must outlive the log.
  Log(const Clock& clock, LogSink& sink, Literal component)
      : clock_(clock), sink_(sink), component_(component) {}
  void write(Literal event, std::initializer_list<LogField> fields = {});

 private:
  const Clock& clock_;
  LogSink& sink_;
  Literal component_;
  std::mutex mutex_;
  std::int64_t seq_ = 0;
};

}  // namespace shogo
