// The management of the reader from the clinic PC (3-21), and its door (3-20.b): who may ask, how often, and
// what is written down. Knows no sockets: requests come in, answers go out. Every function but `respond` is
// called from one thread; an answer that needs the reader comes later, from the thread of the link.
#pragma once

#include "management/attempt_limit.h"
#include "management/passwords.h"
#include "management/reader_desk.h"
#include "management/sessions.h"
#include "management/web_request.h"
#include "visual_check.h"
#include <functional>
#include <optional>
#include <string>

#include <shogo/base/log.h>

namespace shogo::agent {

/// Where the test build bends the management (defects.cpp). In the shipped program every one is as the
/// product wants it.
struct ManagementHooks {
  std::function<bool(const Secret&)> other_password = [](const Secret&) { return false; };
  /// May be had without a session.
  std::function<bool(const WebRequest&)> open_to_all = [](const WebRequest&) { return false; };
  bool limits_attempts = true;
  bool ends_sessions = true;
  bool restarts = true;
  std::function<ReaderStatus(ReaderStatus)> status = [](ReaderStatus told) { return told; };
};

/// What the status page says beside the reader's own words.
struct AboutAgent {
  std::string agent;  ///< "shogo-host-agent 0.1.0"
  std::string fund_program;
  std::string log_file;    ///< the host agent's operation log; empty: none
  std::string audit_file;  ///< who did what here; empty: none
};

class Management {
 public:
  using Respond = std::function<void(WebAnswer)>;
  /// Everything outlives the management. `audit` gets a line for every login, refusal and act.
  Management(Passwords passwords, ReaderDesk& desk, VisualCheck& visual_check, AboutAgent about,
             ManagementHooks hooks, const Clock& clock, Log& audit);

  /// `respond` is called once, now or later. `port`: of the socket that the request came to; 0: the local
  /// one.
  void handle(WebRequest request, std::uint16_t port, Respond respond);
  /// At least every half second.
  void look_at_the_clock();

 private:
  WebAnswer login(WebRequest& request);
  WebAnswer change_password(WebRequest& request);
  void act(const WebRequest& request, Respond respond);
  WebAnswer status() const;
  WebAnswer logs(const WebRequest& request) const;
  WebAnswer visual_check(const WebRequest& request);
  WebAnswer picture(const WebRequest& request);
  void change_settings(const WebRequest& request, Respond respond);
  void failed();
  void succeeded();
  /// A refusal that may come a thousand times a second is written down once a second, with how many there
  /// were.
  void note_refused();

  Passwords passwords_;
  ReaderDesk& desk_;
  VisualCheck& visual_check_;
  const AboutAgent about_;
  const ManagementHooks hooks_;
  const Clock& clock_;
  Log& audit_;
  const Nanoseconds began_;
  AttemptLimit attempts_;
  bool told_to_wait_ = false;
  Sessions sessions_;
  int refused_ = 0;
  Nanoseconds refused_noted_{0};
};

}  // namespace shogo::agent
