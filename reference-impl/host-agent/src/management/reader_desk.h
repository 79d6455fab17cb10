// What the clinic PC knows of the reader, for the staff (3-21), and what they may ask it for: settings, a
// restart, a mirror of its screen (1-22). The reader tells by itself; nothing here is older than the link.
// Messages are in base/contract/reader_link.h. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include <shogo/base/bytes.h>
#include <shogo/base/clock.h>
#include <shogo/base/result.h>

namespace shogo::agent {

/// What became of an update package, at either end. Words of update_words.h.
struct UpdateOutcome {
  std::string kind, version, outcome, reason;
  std::string time;  ///< civil, when it was heard of here
};

struct ReaderStatus {
  bool connected = false;
  std::string serial, firmware;
  std::string phase;        ///< where the patient is, as far as the staff may know: one of kPhases
  std::string fault;        ///< number of the error that is shown; empty: none
  std::string language;     ///< in which the patient reads
  bool card_reader = true;  ///< the contactless reader is there
  std::int64_t starts = 0;  ///< how often the reader has connected since this program began
  std::map<std::string, std::string> versions;  ///< in force from packages, by kind, both ends
  std::optional<UpdateOutcome> last_update;     ///< since this program began
};

/// What a reader may call its phase; anything else counts as "unknown".
inline constexpr std::string_view kPhases[] = {"out_of_service", "idle",  "identity", "questions",
                                               "done",           "error", "staff"};

struct MirrorPicture {
  std::int64_t seq = 0;  ///< 0: nothing has come yet
  std::string png;
};

class ReaderDesk {
 public:
  using Send = std::function<void(boost::json::object)>;
  using Done = std::function<void(Result<void>)>;
  static constexpr milliseconds kAnswerLimit{4'000};
  /// A mirror that nobody has looked at for so long is switched off at the reader.
  static constexpr milliseconds kMirrorLease{3'000};
  static constexpr std::size_t kLargestPicture = 512U << 10;

  /// `clock` outlives the desk. `send` reaches the reader and drops what it cannot deliver.
  ReaderDesk(const Clock& clock, Send send) : clock_(clock), send_(std::move(send)) {}

  // --- from the link and the card monitor
  void connected();
  void lost();
  void card_reader(bool there);
  /// Takes what is meant for the desk and looks at what it should know.
  void message(const boost::json::object& body);
  /// What the host agent tells the reader of its own update packages.
  void told_reader(const boost::json::object& body);

  // --- from the staff
  [[nodiscard]] ReaderStatus status() const;
  /// Whole, as the reader told them last; nothing while none are known.
  [[nodiscard]] std::optional<boost::json::object> settings() const;
  /// `done` hears from the reader, or kUnavailable, kInvalid, kTimeout. From any thread, once.
  void change_settings(boost::json::object changes, Done done);
  void restart(Done done);
  /// The newest picture, and asks the reader for pictures from now on.
  [[nodiscard]] MirrorPicture mirror();
  /// Lets go of what has waited too long. At least every half second.
  void look_at_the_clock();

 private:
  struct Waiting {
    Nanoseconds until;
    Done done;
    bool restarts = false;  ///< to lose it is what was asked for
  };
  void ask(boost::json::object body, Done done, bool restarts = false);
  void answered(const boost::json::object& body);
  void take_picture(const boost::json::object& body);
  void take_outcome(const boost::json::object& body);
  /// `versions` as they are told from now on by whoever has `mine`.
  static void take_versions(const boost::json::object& body, std::map<std::string, std::string>& mine);

  const Clock& clock_;
  Send send_;
  mutable std::mutex mutex_;  // guards everything below
  ReaderStatus status_;
  std::map<std::string, std::string> reader_versions_, own_versions_;
  std::optional<boost::json::object> settings_;
  std::int64_t next_request_ = 1;
  std::map<std::int64_t, Waiting> waiting_;
  MirrorPicture picture_;
  std::string growing_;  ///< parts of the next picture
  std::int64_t growing_seq_ = 0;
  std::optional<Nanoseconds> mirror_until_;
};

}  // namespace shogo::agent
