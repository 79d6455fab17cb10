// World: everything a device under test lives in, composed from one seed: a private pcscd, an antenna with
// patients' cards, the eligibility server, the synthetic people both know, and the folder with bench.json
// that tells a device where all of it is. Several worlds may live in one process. place_card() and the like
// may be called from any thread; observers are called from the card's and the server's threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/clock.h>
#include <shogo/base/result.h>
#include <shogo/base/secret.h>
#include <shogo/contract/bench_config.h>
#include <shogo/contract/update_package.h>
#include <shogo/sim/antenna.h>
#include <shogo/sim/bench_keypad.h>
#include <shogo/sim/eligibility_server.h>
#include <shogo/sim/fault_line.h>

namespace shogo::sim {

struct WorldOptions {
  std::uint64_t seed = 1;
  std::filesystem::path folder;  ///< exists, empty; everything the world writes lies below it
  std::string fund_program;      ///< path of the library the host agent shall load
  int pcscd_poll_ms = 0;         ///< how often cards are looked for; 0: every 400 ms, as pcscd comes
  std::string bench_names;  ///< libshogo-bench-names.so: the server has a name that can fail; empty: a number
  std::string panel = "panel-8-portrait";
  std::string keypad = "none";  ///< of the device: "none", "built_in", or "external", which the bench brings
  std::string wall_start = "2026-04-01T09:00:00+09:00";  ///< the day on which the scenario plays
};

/// Who can come to the counter. One synthetic person each; what differs is the state of card and certificate.
enum class Patient {
  kValid,     ///< registered, certificate valid
  kWrongPin,  ///< like kValid; used where tries are burnt, so that kValid's stay whole
  kLocked,    ///< authentication PIN already blocked (63C0, 6984)
  kExpired,   ///< user-authentication certificate past its end for more than three months
  kRevoked,
  kNotRegistered,
  kSuspended,    ///< known, but access is suspended
  kFaceCard,     ///< 顔認証マイナンバーカード: PINs switched off (63C0, 6984), number B open
  kResidence,    ///< a card that is a residence card as well: its applications stand in front
  kCanary,       ///< a person whose every detail is a rare string that can be searched for (3-17)
  kExpiresSoon,  ///< like kValid, but the certificate ends within three months
  kGrace,        ///< the certificate ended less than three months ago
  kAndroid,      ///< an Android phone with the card's functions: no face data, PIN at the reader
  kIphone,       ///< an iPhone with the card's functions: the holder agrees on it, no PIN at the reader
  kNextCard,     ///< the announced next card: ids of its own (synthetic)
};
[[nodiscard]] std::string_view to_string(Patient patient);

/// A panel the bench has built: where it is the device's, pixels have exact millimetres.
struct Panel {
  double inches = 0;
  int width_px = 0;
  int height_px = 0;
};

/// What the operating system says of one process of a device that the bench runs itself.
struct Vitals {
  std::string process;
  std::int64_t memory_kb = 0;  ///< private (anonymous) resident memory
  std::int64_t handles = 0;    ///< open descriptors; -1: the system does not tell us
  Nanoseconds cpu_time{0};
};

/// What is known of a synthetic person, for canary searches and for scripts that play the patient.
struct PatientFacts {
  std::string name, address, birth_date;
  std::string number_b;  ///< 14 digits, printed on the card face in pieces
  std::string certificate_serial;
  Bytes photo;          ///< the chip photo object's value (JPEG 2000)
  contract::Atqb atqb;  ///< how the card answers a reader's call
  Bytes face_file;      ///< the visual application's EF 0002, what a perfect reader would return; empty: none
};

class World {
 public:
  static Result<std::unique_ptr<World>> start(const WorldOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// As written to FOLDER/bench.json. A device launcher may change its own lines (adapter address) and write
  /// it again.
  [[nodiscard]] const contract::BenchConfig& bench() const;
  [[nodiscard]] std::filesystem::path bench_file() const;

  /// First state: no card, all counters full again (but kLocked's), server well.
  Result<void> reset();

  Result<void> place_card(Patient patient, RfFault fault = RfFault::kNone);
  /// A card of any profile: a synthetic person made up for it, registered, with PIN 1234, as
  /// order_for(profile, …). A name or a path.
  Result<void> place_profile(const std::string& profile);
  void take_card();
  /// Whether card commands are told to the observer: a script of a hundred thousand reads lets them pass
  /// unrecorded. They are told again after reset().
  void watch_commands(bool watched);
  /// The holder agrees on the phone itself, by face or fingerprint, or takes it back. Nobody has after
  /// reset().
  Result<void> agree_on_phone(Patient patient, bool agrees);
  /// Tries left on the authentication PIN, read inside the card: no command is sent.
  [[nodiscard]] int auth_tries_left(Patient patient);
  /// The authentication PIN as the patient knows it.
  [[nodiscard]] const Secret& pin_of(Patient patient);
  /// What the card was last shown as its authentication PIN, right or wrong; empty when nothing was.
  [[nodiscard]] Secret pin_shown(Patient patient);
  [[nodiscard]] const PatientFacts& facts_of(Patient patient);
  /// What the eligibility server's register lets this person choose from (1-13.j), in its order. Everybody
  /// has one paper of each kind, with synthetic names drawn from the seed; set_papers() gives others, until
  /// reset().
  [[nodiscard]] std::vector<Paper> papers_of(Patient patient);
  Result<void> set_papers(Patient patient, std::vector<Paper> papers);

  void set_server(ServerFault fault);
  /// The eligibility server offers an update package (docs/updates.md), sound or not, until reset(). Returns
  /// its SHA-256.
  std::string offer_update(Bytes package);
  /// How many have been offered since the world began: a device that has met one is no longer as it was
  /// built.
  [[nodiscard]] std::size_t updates_offered() const;
  /// *Synthetic*: whose packages the devices of this world take (bench.update_keys).
  [[nodiscard]] contract::SigningKey update_key() const;
  /// What the eligibility server's register holds of a patient now ("eligible", "not_registered", …), read
  /// past every protocol; empty when it knows nobody.
  [[nodiscard]] std::string server_state(Patient patient);

  /// What the device's host side has handed over to the clinic's other programs since the last reset, oldest
  /// first: the text of every file in bench.result_folder.
  [[nodiscard]] std::vector<std::string> hand_overs() const;

  /// Lines of the bench's network. They are well after reset(), and silent about their traffic until
  /// watch_lines(true): a capture is measured, so a script that wants one says so.
  enum class Line {
    kReaderLink,  ///< reader (connects) to host agent
    kServer,      ///< host agent's fund program (connects) to eligibility server
  };
  void set_line(Line line, LineFault fault, milliseconds delay = milliseconds{0});
  void reset_line(Line line);
  void change_address(Line line);
  void watch_lines(bool watched);

  /// What asking for the server's name is answered. Only where the bench answers: WorldOptions::bench_names,
  /// loaded before the device's host software (names_environment). Elsewhere kUnsupported.
  enum class NameFault {
    kNone,
    kUnknown,  ///< no such name
    kSilent,   ///< no name server answers
  };
  Result<void> set_names(NameFault fault);
  /// "NAME=VALUE" for the processes whose names the bench answers and whose connections it writes down; empty
  /// without bench_names.
  [[nodiscard]] std::vector<std::string> names_environment() const;

  /// A place in the network that a device's process has tried to reach.
  struct Destination {
    std::string address;
    std::uint16_t port = 0;
    std::string part;  ///< "server", "reader_link", or "other": none of the bench's lines
  };
  /// Each once, since the last reset(). Nothing: nobody writes them down (names_environment).
  [[nodiscard]] std::optional<std::vector<Destination>> destinations() const;

  /// Moves the date and time of day that the bench's clock tells, and no timer. Devices that keep the bench's
  /// clock (clock.virtual) follow; reset() undoes it.
  void shift_civil_time(Nanoseconds by);
  void restore_civil_time();
  [[nodiscard]] Nanoseconds civil_time() const;

  /// The clinic PC's smart card service goes without a word, and comes back with the same readers.
  void crash_pcscd();
  Result<void> restart_pcscd();

  /// The keypad that the bench plugs into the device, plugged in after every reset(); null: there is none.
  [[nodiscard]] BenchKeypad* keypad();

  /// The launcher of a simulated device says that the device's panel is the bench's own; for real hardware
  /// nobody does.
  void set_simulated_panel(const Panel& panel);
  [[nodiscard]] std::optional<Panel> simulated_panel() const;

  /// The launcher of a device whose processes run here says how to fill their storage and to make room again;
  /// for real hardware nobody does, and fill_storage() is kUnsupported.
  void set_storage(std::function<Result<void>(bool full)> fill);
  Result<void> fill_storage(bool full);

  /// The launcher of a device whose processes run here says how to look at them; for real hardware nobody
  /// does, and the list stays empty.
  void set_vitals(std::function<std::vector<Vitals>()> look);
  [[nodiscard]] std::vector<Vitals> device_vitals() const;

  /// source "card", "server" or "net"; kinds: card apdu {cla, ins, p1, p2, body_size, response_size, sw,
  /// content}, placed, taken; server request {path, outcome, signature_ok, patient}, and update_request, with
  /// the same fields, where a device fetched an update: nobody's eligibility was asked for; net update_look
  /// {status}, whenever a device looked for updates,
  /// connected {line, connection}, bytes {line, connection, from, size}, closed {line, connection, by};
  /// stimulus line {line, fault}, update_offered {sha256}, pcscd {running}, names {fault}, storage {full},
  /// civil_time {shift_s}. Pass nullptr to stop; returns when no call is under way.
  using Observer =
      std::function<void(std::string_view source, std::string_view kind, boost::json::object data)>;
  void observe(Observer observer);

 private:
  World();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shogo::sim
