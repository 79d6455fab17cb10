// The reader's own update packages (settings, accuracy file) as they come over the link, in parts that the
// reader asks for one after another: offer -> want 0 -> part -> want n -> ... -> result. It verifies all of
// it again: the host agent is only the messenger. Nothing is installed while somebody is served. On the
// reader's loop, but for construction.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include <shogo/reference/health_check.h>
#include <shogo/reference/package_store.h>
#include <shogo/reference/storage.h>

namespace shogo::reader {

/// Where the test build bends it (defects.cpp). In the shipped program every one is the identity.
struct InstallerHooks {
  std::function<std::vector<reference::PublicKey>(std::vector<reference::PublicKey>)> keys =
      [](std::vector<reference::PublicKey> factory) { return factory; };
  std::function<Bytes(Bytes package, const reference::PackageStore&)> package =
      [](Bytes whole, const reference::PackageStore&) { return whole; };
};

class Installer {
 public:
  struct Parts {
    reference::Storage& storage;
    std::vector<reference::PublicKey> factory_keys;
    std::vector<reference::PackageUser> users;
    std::function<bool()> may_install;                            ///< nobody is served
    std::function<void(const boost::json::object&)> send;         ///< to the host agent
    std::function<void(const reference::UpdateNews& news)> tell;  ///< for the log
  };
  Installer(Parts parts, InstallerHooks hooks);

  /// What is installed is in force when this returns.
  void open();
  /// update_offer and update_part; false: another message, or one that makes no sense.
  bool message(const boost::json::object& body);
  /// Somebody who was served has gone: what waited is installed.
  void now_idle();
  /// As the device was built.
  void forget();
  /// {"settings": "1.0.0", …}
  [[nodiscard]] boost::json::object versions() const;

 private:
  struct Incoming {
    std::string sha256;
    std::size_t size = 0;
    Bytes bytes;
  };
  bool offered(const boost::json::object& body);
  bool part(const boost::json::object& body);
  void want();
  void judge();
  void answer(const reference::UpdateNews& news);

  Parts parts_;
  InstallerHooks hooks_;
  std::optional<reference::PackageStore> store_;
  std::optional<Incoming> incoming_;
};

}  // namespace shogo::reader
