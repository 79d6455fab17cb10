// The device protocol's requests, turned into the reader's events. begin_case and the like end here: the
// reader never learns that it is being judged.
#pragma once

#include "adapter/adapter_server.h"
#include "reader.h"
#include <atomic>
#include <memory>
#include <string>

#include <shogo/base/shared_clock.h>

namespace shogo::reader {

/// Where the bench finds the management of the clinic PC (docs/management.md); empty: nowhere.
struct ManagementPlace {
  std::string address, folder;
};

class DeviceAdapter {
 public:
  /// `log_file` is what export_logs hands out, `keypad` what bench.json says of a physical keypad, `updates`
  /// whether it lets the host agent look for update packages.
  static Result<std::unique_ptr<DeviceAdapter>> listen(const std::string& address, Reader& reader,
                                                       std::string log_file, std::string mutant, Clock& clock,
                                                       Log& log, std::string keypad = "none",
                                                       bool updates = false, ManagementPlace management = {});
  /// Without a socket: handle() can be called, notifications and frames go nowhere. For fuzzing; it has a
  /// keypad within, so that no request is refused at the door.
  static std::unique_ptr<DeviceAdapter> detached(Reader& reader, Clock& clock, Log& log);
  void notify(std::string_view method, boost::json::object params) {
    if (server_) server_->notify(method, std::move(params));
  }
  /// On the reader's loop.
  void present(const Image& frame);
  void play(const Heard& piece);
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  /// Answers one request; called on the adapter's thread.
  boost::json::value handle(const std::string& method, const boost::json::object& params,
                            std::optional<AdapterError>& fail);

 private:
  DeviceAdapter(Reader& reader, std::string log_file, std::string mutant, Clock& clock, Log& log,
                std::string keypad, bool updates)
      : reader_(reader),
        log_file_(std::move(log_file)),
        mutant_(std::move(mutant)),
        clock_(clock),
        shared_clock_(dynamic_cast<SharedClock*>(&clock)),
        log_(log),
        keypad_(std::move(keypad)),
        updates_(updates) {}
  boost::json::object hello() const;
  void show_whole();
  boost::json::value time(const std::string& method, const boost::json::object& params,
                          std::optional<AdapterError>& fail);
  void back_to_real_time();
  boost::json::value reset(const boost::json::object& params, std::optional<AdapterError>& fail);
  bool forget_updates();
  boost::json::value camera_info();
  boost::json::value match_faces(const boost::json::object& params, std::optional<AdapterError>& fail);
  boost::json::value touch(const boost::json::object& params, std::optional<AdapterError>& fail);
  boost::json::value key(const boost::json::object& params, std::optional<AdapterError>& fail);
  boost::json::value put_file(const boost::json::object& params, std::optional<AdapterError>& fail);
  boost::json::value check_connectivity();
  boost::json::value management() const;
  boost::json::value export_logs(std::optional<AdapterError>& fail);

  Reader& reader_;
  std::string log_file_;
  std::string mutant_;
  Clock& clock_;
  SharedClock* shared_clock_;  ///< null: the device keeps the machine's time
  Log& log_;
  std::string keypad_;
  bool updates_;
  ManagementPlace management_;
  std::atomic<bool> greeted_{false};
  std::atomic<bool> watched_{false};
  // On the reader's loop: what the harness has seen last. 0: nothing that a change could lie on.
  Image shown_;
  std::uint64_t shown_seq_ = 0;
  bool changes_wanted_ = false;
  std::unique_ptr<AdapterServer> server_;
};

}  // namespace shogo::reader
