// The reader: one event loop that owns journey, PIN, page and clockwork. Link, adapter and window only hand
// it events; every function but post(), run_on_loop() and stop() belongs to the loop's thread.
#pragma once

#include "camera/camera.h"
#include "face/face_engine.h"
#include "flow/journey.h"
#include "flow/papers.h"
#include "hooks.h"
#include "input/input.h"
#include "settings.h"
#include "sound/announcement.h"
#include "sound/speaker.h"
#include "ui/page.h"
#include "updates/installer.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <string>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/log.h>
#include <shogo/base/rng.h>
#include <shogo/base/secret.h>
#include <shogo/contract/voice_pack.h>

namespace shogo::reader {

/// Where the reader's words go. Called on the loop's thread.
struct Outlets {
  std::function<void(const boost::json::object&)> send;  ///< to the host agent
  std::function<void(const boost::json::object& authenticate, std::uint64_t session, Secret pin)> send_pin;
  std::function<void(std::string_view method, boost::json::object params)>
      notify;                                       ///< to the harness, when there is one
  std::function<void(const Image& frame)> present;  ///< adapter and window
  std::function<void(const Settings&)> settings_changed = [](const Settings&) {};
  std::function<void(const Heard&)> heard = [](const Heard&) {};  ///< what the loudspeaker has played
  /// Keeps them over a restart; false: it could not.
  std::function<bool(const boost::json::object&)> store = [](const boost::json::object&) { return true; };
  std::function<void()> restart = [] {};  ///< ends this program and begins it anew
};

class Reader final : public Input {
 public:
  Reader(Panel panel, Fonts& fonts, Hooks hooks, std::uint64_t seed, Clock& clock, Log& log);

  /// Before run().
  void connect(Outlets outlets) { outlets_ = std::move(outlets); }
  void run();
  void stop();

  /// Dropped once stop() has been called.
  void post(std::function<void()> work);
  /// Runs `work` on the loop and waits for it, or returns without when the loop stops. Not from the loop's
  /// own thread.
  void run_on_loop(const std::function<void()>& work);

  // --- events, on the loop
  /// False: nobody cares about the event now, and nothing was drawn.
  bool fire(std::string_view event);
  void host_message(const boost::json::object& body);
  /// The reader link is up, or down for `reason` (static storage): logged, shown, and the session in flight
  /// ended.
  void host_up();
  void host_gone(std::string_view reason = "peer_left");
  void touch(double x, double y, bool down) override;
  /// A page that takes digits takes them from a keypad as they are printed there, however the screen has
  /// shuffled its own; on every other page a key is the button whose legend it bears.
  void press(Key key) override;
  /// 1-14.e: half a PIN does not survive the keypad on which it was typed.
  void keypad(bool there) override;
  void reseed(std::uint64_t seed);
  void apply(const Settings& settings);
  /// Staff change settings (a JSON object): in force at once, and kept over a restart. kInvalid: nothing
  /// changes; kExhausted: in force, but they could not be kept.
  Result<void> change(std::string_view text);
  /// Staff's changes are forgotten; what the device came with, or a package has delivered, is in force.
  void forget_changes();
  /// The changes that were kept, on top of what a package has delivered; before run(), after keep_updates().
  void begin_with(const boost::json::object& changes);
  /// Ends this program and begins it anew.
  void restart();
  /// Before run(): what it speaks with; without, it has tones only.
  void speak_with(contract::VoicePack voice) { voice_.emplace(std::move(voice)); }
  /// Before run(): its patient camera; without, it has none.
  void see_with(std::unique_ptr<Camera> camera);
  /// Whether somebody hears the loudspeaker. Nobody: it plays nothing, so that the loop never wakes for it.
  void listen(bool somebody);

  // --- looking, on the loop
  [[nodiscard]] const Settings& settings() const { return settings_; }
  /// Those it was built with, or what a package has made of them.
  [[nodiscard]] Settings first_settings() const { return delivered_settings_.value_or(Settings{}); }
  [[nodiscard]] const Page& page() const { return page_; }
  [[nodiscard]] const Panel& panel() const { return panel_; }
  [[nodiscard]] bool idle() const;
  /// 3-14: asks the host agent whether the eligibility system can be reached; `answer` gets one of kReasons,
  /// on the loop. A second question replaces the first, whose answer never comes.
  void check_connectivity(std::function<void(std::string_view reason)> answer);
  /// Update packages of its own, kept in `storage`; before run(). Without a call it takes none.
  void keep_updates(reference::Storage& storage, std::vector<reference::PublicKey> keys);
  /// The page of the moment shows what the camera sees: its picture moves by itself.
  [[nodiscard]] bool shows_camera() const;
  [[nodiscard]] bool has_camera() const { return camera_ != nullptr; }
  /// What the patient camera sees at this moment; a change of its state is logged.
  [[nodiscard]] View look();
  /// kUnsupported: the device has no face engine.
  [[nodiscard]] Result<bool> same_person(const Image& probe, const Image& reference);
  /// The device as it was built: settings, and everything that ever came in packages; `done` runs on the loop
  /// when the host agent has forgotten its part, too.
  void forget_updates(std::function<void()> done);
  /// {"firmware": …} and what is in force from packages, a version each (4-9.a).
  [[nodiscard]] boost::json::object versions() const;
  [[nodiscard]] boost::json::object state_message() const;
  [[nodiscard]] boost::json::object ui_tree() const;

 private:
  void act(const std::string& action);
  // reader_staff.cpp
  /// True when the message was the staff's.
  bool staff_message(const boost::json::object& body);
  /// A package has just brought these settings: they are newer than what staff have changed before.
  void delivered(std::string_view text);
  void tell_staff_everything();
  void tell_settings();
  void tell_activity();
  void show_mirror(const PageInput& shown, contract::State state);
  /// 1-13.d, 1-13.i: whatever the key.
  void key_sounds(char digit, bool physical);
  void hand_out_sound();
  /// Says what the page of the moment shows (1-13.a to .c, .h).
  void announce(Speaker::Urgency urgency);
  void say(const std::vector<std::string>& texts, Speaker::Urgency urgency, Language language);
  void set_volume(int step);
  /// When the loop has to look next though nothing has come.
  [[nodiscard]] std::optional<Nanoseconds> next_due() const;
  void send_pin(std::string_view operation);
  void send_without_pin(std::string_view operation);
  void send_registration();
  void send_phone();
  [[nodiscard]] std::string_view method_name() const;
  void hand_over();
  void close_transaction();
  void report(const std::string& outcome, const std::string& reason);
  /// What the card that lies there means to the journey.
  [[nodiscard]] std::string_view card_event() const;
  /// 3-18: one record a fault, when it begins. `fault` is a name in kFaults (faults.h) or a reason of a
  /// result.
  void record_fault(std::string_view fault);
  /// After every event, so at least once a heartbeat: can records be stored, can the clock be believed
  /// (1-20)?
  void look_after_itself();
  void watch_camera();
  /// When the camera's page shows its next picture; nothing on every other page.
  [[nodiscard]] std::optional<Nanoseconds> next_camera_view() const;
  void open_engine();
  void notice(bool& known, bool now, std::string_view fault, std::string_view repaired);
  /// A fault that began where nothing could be shown of it (while somebody was served) shows on the idle
  /// page.
  void show_waiting_fault();
  /// update and versions of the host agent; false: another message.
  bool update_message(std::string_view type, const boost::json::object& body);
  void tell_update_poll();
  /// What is in force of its own packages, for the host agent's staff (3-21).
  void tell_versions();
  /// From now on pages have these words.
  void use_words(Messages messages);
  /// What a button does, touched or meant by a key. False: nothing was drawn.
  bool activate(const std::string& event, Literal by);
  bool type_digit(char digit);
  /// What a touch on the list of papers does; false: it was none.
  bool use_papers(const std::string& event);
  void switch_language();
  /// A finger has come: the page has its full time again.
  void stay();
  void enter(const std::string& state);
  void redraw();
  void rearm();
  [[nodiscard]] Facts facts() const;
  [[nodiscard]] Answers::Facts needs() const;
  void time_out();

  Panel panel_;
  Fonts& fonts_;
  Hooks hooks_;
  Clock& clock_;
  Log& log_;
  Outlets outlets_;
  const Journey& journey_ = Journey::built_in();
  Messages messages_ = hooks_.messages();  ///< or what firmware data has made of them

  std::string state_;
  Settings settings_;
  Language language_ = Language::kJapanese;
  Secret pin_{kPinDigits};
  int pending_digit_ = -1;
  DigitLayout layout_ = kPlainLayout;
  std::uint64_t seed_;
  Rng rng_;
  std::uint64_t session_ = 0;
  int attempts_ = 0;
  bool open_ = false;      ///< the host knows of this transaction
  bool reported_ = false;  ///< its result has been told
  Answers answers_{journey_.questions()};
  bool identified_ = false;  ///< eligible; the answers have not been handed over yet
  bool records_ = false;     ///< the person's records may be looked at
  bool over_40_ = false;
  Papers papers_;
  std::size_t first_paper_ = 0;  ///< the page shows its list from here on
  std::string notice_;           ///< "none", "expires_soon", "grace"
  int steps_passed_ = 0;
  enum class Method { kPin, kPhone, kVisual };
  Method method_ = Method::kPin;  ///< how this patient is identified; a phone is taken out of nothing
  bool visual_check_ = false;     ///< staff have checked the next patient's face
  bool card_present_ = false;
  bool host_away_ = false;     ///< since it was connected
  bool reader_lost_ = false;   ///< the contactless reader is gone from the clinic PC
  bool storage_full_ = false;  ///< records of the log wait in memory
  bool clock_wrong_ = false;
  std::string card_kind_;
  bool tries_known_ = false;
  bool tries_locked_ = false;
  int tries_left_ = -1;
  std::string pressed_;
  bool keypad_there_ = false;
  bool keypad_gone_ = false;  ///< pulled while this page took digits
  Page page_;
  std::optional<Nanoseconds> deadline_;
  Speaker speaker_;
  std::optional<contract::VoicePack> voice_;
  bool just_identified_ = false;
  bool unspoken_ = false;  ///< a text was missing from the voice, and the log says so
  bool listened_ = false;
  bool ending_soon_ = false;  ///< the last third of an idle page's time
  std::function<void(std::string_view)> connectivity_;
  std::optional<Settings> delivered_settings_;  ///< by a package: what a reset goes back to
  std::optional<Installer> installer_;
  std::unique_ptr<FaceEngine> engine_;
  std::unique_ptr<Camera> camera_;
  std::optional<Sight> sight_;  ///< as it was logged last
  std::optional<Nanoseconds> last_look_;
  Nanoseconds last_view_{0};           ///< when the page was drawn last
  boost::json::object host_versions_;  ///< of the host agent's packages, by part
  std::function<void()> forgotten_;
  boost::json::object changes_;  ///< the staff's, by key: what outlives a restart
  bool begun_ = false;
  bool mirroring_ = false;
  std::int64_t mirror_seq_ = 0;
  std::optional<PageInput> mirror_shown_;  ///< what the last picture was drawn from

  std::mutex mutex_;  // guards queue_, stopping_
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
};

}  // namespace shogo::reader
