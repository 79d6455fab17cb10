// The updater: looks for update packages in the online-claim network (4-9.d), takes those of the host agent
// itself, passes the reader's on over the link, and tells the reader what became of each, for its log and for
// whoever asks for versions (4-9.a). Nobody has to start it.
//
// One thread owns the package store and does everything; all other functions may be called from any thread
// and only leave word. A package once judged is not fetched again while it is offered, or every look would
// fill the log with the same refusal.
#pragma once

#include "card_profiles.h"
#include "claim_network.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/json.hpp>

#include <shogo/base/log.h>
#include <shogo/reference/health_check.h>
#include <shogo/reference/package_store.h>

namespace shogo::agent {

/// How often it looks, unless the reader's settings say otherwise.
constexpr milliseconds kDefaultLook = std::chrono::hours(6);
constexpr milliseconds kShortestLook{200};
constexpr milliseconds kLongestLook = std::chrono::hours(24);

/// Where the test build bends the updater (defects.cpp). In the shipped program every one is the identity.
struct UpdaterHooks {
  bool looks = true;  ///< by itself
  std::function<std::vector<reference::PublicKey>(std::vector<reference::PublicKey>)> keys =
      [](std::vector<reference::PublicKey> factory) { return factory; };
  std::function<Bytes(Bytes package, const reference::PackageStore&)> package =
      [](Bytes fetched, const reference::PackageStore&) { return fetched; };
  std::function<void()> beside_look = [] {};
  bool rolls_back = true;
  std::function<void(reference::Storage&)> after_install = [](reference::Storage&) {};
  std::function<CardProfiles(CardProfiles)> profiles = [](CardProfiles read) { return read; };
};

class Updater {
 public:
  struct Parts {
    PackageSource& source;
    reference::Storage& storage;
    std::vector<reference::PublicKey> factory_keys;
    KnownCards& cards;
    std::function<void(boost::json::object)> send;  ///< to the reader; dropped while there is none
  };
  Updater(Parts parts, UpdaterHooks hooks, Clock& clock, Log& log);
  ~Updater();
  Updater(const Updater&) = delete;
  Updater& operator=(const Updater&) = delete;

  /// What is installed is in force when this returns; looking begins.
  void start();
  void stop();
  void reader_connected();
  /// Returns when a look that is due and everything that was asked for before is done.
  void settle();
  /// update_poll, forget_updates, update_want, update_result; all others are not its business.
  void message(const boost::json::object& body);

 private:
  using Kind = contract::PackageKind;
  struct Offer {
    std::string sha256;
    std::size_t size = 0;
  };
  /// On its way to the reader, which asks for one part after another.
  struct Delivery {
    std::string sha256;
    Bytes package;
    Nanoseconds heard{0};  ///< when the reader last said something about it
  };
  void run();
  void post(std::function<void()> work);
  void open_store();
  void look();
  Result<std::vector<Offer>> fetch_list();
  /// Judges what waits, until something is on its way to the reader.
  void go_on();
  void judge(const Offer& offer);
  void install(Bytes package);
  void deliver(Bytes package);
  void offer_delivery();
  void send_part(const std::string& sha256, std::int64_t offset);
  void delivered(const boost::json::object& body);
  void check_profiles();
  void forget();
  void tell(const reference::UpdateNews& news);
  void tell_versions();

  Parts parts_;
  UpdaterHooks hooks_;
  Clock& clock_;
  Log& log_;
  // The updater's thread only (and start(), before there is one).
  std::optional<reference::PackageStore> store_;
  std::set<std::string, std::less<>> judged_;  ///< sha256 of packages, as long as they are offered
  std::deque<Offer> waiting_;
  std::optional<Delivery> delivery_;
  bool network_there_ = true;

  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<std::function<void()>> orders_;
  milliseconds every_ = kDefaultLook;
  Nanoseconds next_look_{0};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace shogo::agent
