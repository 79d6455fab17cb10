// Result<T>: a value or an Error, for failures that are part of normal life (card removed, server down, wrong
// PIN). Exceptions are left for broken promises at start-up. Ignoring a Result is a compiler warning.
#pragma once

#include <cassert>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace shogo {

enum class Code {
  kInvalid,      ///< input is malformed or out of range
  kNotFound,     ///< the thing named does not exist
  kUnavailable,  ///< cannot be reached now; trying later may help
  kTimeout,      ///< no answer in the time allowed
  kDenied,       ///< not permitted (access conditions, file permissions, authentication)
  kCorrupt,      ///< bytes that contradict their checksum or format
  kExhausted,    ///< a limited resource is used up (tries, ports, space)
  kCancelled,    ///< somebody stopped it
  kUnsupported,  ///< understood, but this build or device cannot do it
  kConflict,     ///< the state forbids it now
  kInternal,     ///< a broken promise inside shogo: please report
};
[[nodiscard]] std::string_view to_string(Code code);

/// What went wrong. The message says what was expected, what came and what to do next; it never holds
/// personal data.
class Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}
  Error(Code code, std::string message, Error cause)
      : code_(code), message_(std::move(message)), cause_(std::make_shared<const Error>(std::move(cause))) {}

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const Error* cause() const { return cause_.get(); }
  /// "message: message of the cause: …" on one line, for people.
  [[nodiscard]] std::string describe() const;

 private:
  Code code_;
  std::string message_;
  std::shared_ptr<const Error> cause_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): reads as `return value;`
  Result(T value) : state_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): reads as `return Error{…};`
  Result(Error error) : state_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & {
    assert(ok());
    return std::get<T>(state_);
  }
  [[nodiscard]] const T& value() const& {
    assert(ok());
    return std::get<T>(state_);
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::get<T>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return std::get<Error>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    assert(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace shogo

// Leave the function with the error, or go on.   SHOGO_TRY(auto bytes, read_file(path));
#define SHOGO_CONCAT_INNER(a, b) a##b
#define SHOGO_CONCAT(a, b) SHOGO_CONCAT_INNER(a, b)
#define SHOGO_TRY(declaration, expression) \
  SHOGO_TRY_IMPL(SHOGO_CONCAT(shogo_try_, __LINE__), declaration, expression)
#define SHOGO_TRY_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                           \
  if (!temporary.ok()) return temporary.error();           \
  declaration = std::move(temporary).value()
#define SHOGO_CHECK_OK(expression)                                                                           \
  do {                                                                                                       \
    if (auto shogo_check_result = (expression); !shogo_check_result.ok()) return shogo_check_result.error(); \
  } while (false)
