#include "management/client.h"

#include "management/web_request.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <termios.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/contract/bench_config.h>

namespace shogo::agent {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr std::size_t kLongestPassword = 256;

struct Command {
  std::string_view name, usage, help;
};
constexpr Command kCommands[] = {
    {"status", "status",
     "What the reader is doing, with versions, as the staff may see it.\n"
     "\n"
     "  phase         out_of_service, idle, identity, questions, done, error, staff: how far the patient\n"
     "                is; never which answers were given\n"
     "  fault         number of the error on the reader's screen (docs/screens.md), or none\n"
     "  visual check  whether staff have armed it (目視), and for how long still\n"
     "  versions      what is in force from update packages, by kind\n"
     "  last_update   what became of the last package since the host agent began: installed, refused,\n"
     "                rolled_back, damaged, and why (docs/updates.md)\n"},
    {"settings", "settings [KEY=VALUE …]",
     "Shows all settings of the reader, or changes some. A VALUE is JSON; what is no JSON is taken as text.\n"
     "docs/reader.md lists the keys. A change is in force when the command returns, and survives a restart.\n"
     "\n"
     "  shogo-host-agent settings idle_timeout_ms=45000 clinic_name=照合医院 --bench bench.json\n"},
    {"logs", "logs [--lines N] [--audit]",
     "The newest lines of the host agent's operation log, or with --audit of who managed the reader.\n"
     "\n"
     "  --lines N  how many, 1 to 1000 (100)\n"
     "  --audit    logins, refusals, and every change that was made here\n"},
    {"restart", "restart", "Restarts the reader's firmware. A session under way ends; settings stay.\n"},
    {"visual-check", "visual-check on|off",
     "Arms the visual check (目視) for the one next patient, or takes it back. Arm it after you have looked "
     "at\n"
     "the card and at the patient: the next patient at the reader then needs neither PIN nor face match. It "
     "is\n"
     "forgotten after two minutes, and after one patient.\n"},
    {"set-password", "set-password",
     "Sets the staff's password. The first time the old one is the one-time secret in\n"
     "MANAGEMENT_FOLDER/first-password.txt. 12 characters at least.\n"},
};

constexpr const char* kOptions =
    "\n"
    "options of every management command:\n"
    "  --bench FILE          the host agent's file; names management_folder, where its socket is\n"
    "  --password-file FILE  reads the password from a file (first line) instead of asking for it\n"
    "  --new-password-file FILE  the same for the new one of set-password\n"
    "  --json                prints the answer as it came, for programs\n"
    "  --help                this text\n"
    "\n"
    "Exit codes: 0 done, 1 refused or not reachable, 2 usage.\n";

struct Asked {
  const Command* command = nullptr;
  std::vector<std::string> words;
  std::string bench, password_file, new_password_file, lines = "100";
  bool json = false, audit = false, help = false;
};

int fail(std::string_view why) {
  std::fprintf(stderr, "shogo-host-agent: %.*s\n", static_cast<int>(why.size()), why.data());
  return kRefused;
}

int usage(const Command& command, std::string_view why) {
  std::fprintf(stderr, "shogo-host-agent %.*s: %.*s\nusage: shogo-host-agent %.*s --bench FILE\n",
               static_cast<int>(command.name.size()), command.name.data(), static_cast<int>(why.size()),
               why.data(), static_cast<int>(command.usage.size()), command.usage.data());
  return kUsage;
}

bool parse(int argc, char** argv, Asked& asked, std::string& why) {
  for (int i = 2; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = [&](std::string& into) {
      if (i + 1 >= argc) return why = fmt::format("{} needs a value", word), false;
      into = argv[++i];
      return true;
    };
    if (word == "--help") {
      asked.help = true;
    } else if (word == "--json") {
      asked.json = true;
    } else if (word == "--audit") {
      asked.audit = true;
    } else if (word == "--bench") {
      if (!value(asked.bench)) return false;
    } else if (word == "--password-file") {
      if (!value(asked.password_file)) return false;
    } else if (word == "--new-password-file") {
      if (!value(asked.new_password_file)) return false;
    } else if (word == "--lines") {
      if (!value(asked.lines)) return false;
    } else if (word.substr(0, 2) == "--") {
      return why = fmt::format("there is no option {}", word), false;
    } else {
      asked.words.emplace_back(word);
    }
  }
  return true;
}

/// From a file, or from the terminal without showing it.
Result<Secret> password_from(const std::string& file, const char* prompt) {
  Secret password(kLongestPassword);
  std::FILE* in = stdin;
  if (!file.empty()) {
    in = std::fopen(file.c_str(), "re");
    if (in == nullptr) return Error{Code::kUnavailable, fmt::format("cannot read {}", file)};
  } else if (::isatty(STDIN_FILENO) != 0) {
    std::fputs(prompt, stderr);
  }
  termios before{};
  const bool terminal = file.empty() && ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  for (int c = std::fgetc(in); c != EOF && c != '\n' && c != '\r'; c = std::fgetc(in))
    if (!password.push_back(static_cast<std::uint8_t>(c))) break;
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputc('\n', stderr);
  }
  if (!file.empty()) std::fclose(in);
  if (password.empty()) return Error{Code::kInvalid, "no password was given"};
  return password;
}

/// One connection to the host agent.
class Connection {
 public:
  Result<void> open(const std::string& path) {
    beast::error_code ec;
    socket_.connect(path, ec);
    if (ec)
      return Error{Code::kUnavailable,
                   fmt::format("cannot reach the host agent at {}: {}; is it running, and may you use its "
                               "folder?",
                               path, ec.message())};
    return {};
  }

  struct Answer {
    unsigned status = 0;
    json::value body;
  };
  Result<Answer> ask(http::verb verb, const std::string& target, const json::value& body) {
    http::request<http::string_body> request(verb, target, 11);
    request.set(http::field::host, "localhost");
    if (!cookie_.empty()) request.set(http::field::cookie, cookie_);
    if (!proof_.empty()) request.set("X-Shogo-Proof", proof_);
    if (!body.is_null()) {
      request.set(http::field::content_type, "application/json");
      request.body() = json::serialize(body);
    }
    request.prepare_payload();
    beast::error_code ec;
    http::write(socket_, request, ec);
    wipe(request.body().data(), request.body().size());
    http::response<http::string_body> response;
    if (!ec) http::read(socket_, buffer_, response, ec);
    if (ec) return Error{Code::kUnavailable, fmt::format("the host agent does not answer: {}", ec.message())};
    if (const std::string cookie(response[http::field::set_cookie]); !cookie.empty())
      cookie_ = cookie.substr(0, cookie.find(';'));
    Answer answer{response.result_int(), json::object{}};
    if (!response.body().empty()) {
      SHOGO_TRY(answer.body, parse_json(response.body(), "answer of the host agent"));
    }
    return answer;
  }

  /// The answer's body; the host agent's own words where it refused.
  Result<json::value> get(http::verb verb, const std::string& target, const json::value& body = nullptr) {
    SHOGO_TRY(Answer answer, ask(verb, target, body));
    if (answer.status >= 200 && answer.status < 300) return std::move(answer.body);
    const auto object = JsonObject::of(answer.body, "answer");
    const auto message = object.ok() ? object->string("message") : Result<std::string>(object.error());
    return Error{Code::kDenied, message.ok() ? *message : fmt::format("refused ({})", answer.status)};
  }

  /// Returns whether a password must be set first.
  Result<bool> login(const Secret& password) {
    json::object body{{"password", as_text(password.expose())}};
    auto answer = get(http::verb::post, "/api/login", body);
    wipe(body["password"].get_string().data(), body["password"].get_string().size());
    if (!answer.ok()) return answer.error();
    SHOGO_TRY(const JsonObject object, JsonObject::of(*answer, "answer to login"));
    SHOGO_TRY(proof_, object.string("proof"));
    return object.boolean("password_must_be_set");
  }

 private:
  asio::io_context io_;
  asio::local::stream_protocol::socket socket_{io_};
  beast::flat_buffer buffer_;
  std::string cookie_, proof_;
};

std::string value_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void print(std::string_view command, const json::value& answer, bool as_json) {
  if (as_json) {
    std::fputs(pretty_json(answer).c_str(), stdout);
    return;
  }
  if (!answer.is_object()) return;
  const json::object& object = answer.get_object();
  if (const json::value* lines = object.if_contains("lines"); lines != nullptr && lines->is_array()) {
    for (const json::value& line : lines->get_array()) std::printf("%s\n", value_text(line).c_str());
    return;
  }
  if (object.empty()) std::printf("%.*s: done\n", static_cast<int>(command.size()), command.data());
  for (const auto& [key, value] : object) {
    if (!value.is_object()) {
      std::printf("%-24s %s\n", std::string(key).c_str(), value_text(value).c_str());
      continue;
    }
    std::printf("%s\n", std::string(key).c_str());
    for (const auto& [inner, what] : value.get_object())
      std::printf("  %-22s %s\n", std::string(inner).c_str(), value_text(what).c_str());
  }
}

Result<json::object> changes_of(const std::vector<std::string>& words) {
  json::object changes;
  for (const std::string& word : words) {
    const std::size_t equal = word.find('=');
    if (equal == std::string::npos || equal == 0)
      return Error{Code::kInvalid, fmt::format("expected KEY=VALUE, got \"{}\"", word)};
    const std::string value = word.substr(equal + 1);
    auto parsed = parse_json(value, "value");
    changes[word.substr(0, equal)] = parsed.ok() ? *std::move(parsed) : json::value(value);
  }
  return changes;
}

Result<json::value> carry_out(const Asked& asked, Connection& agent) {
  const std::string_view name = asked.command->name;
  if (name == "status") return agent.get(http::verb::get, "/api/status");
  if (name == "settings") {
    if (asked.words.empty()) return agent.get(http::verb::get, "/api/settings");
    SHOGO_TRY(json::object changes, changes_of(asked.words));
    return agent.get(http::verb::post, "/api/settings", std::move(changes));
  }
  if (name == "logs")
    return agent.get(http::verb::get, fmt::format("/api/logs?of={}&lines={}",
                                                  asked.audit ? "audit" : "operation", asked.lines));
  if (name == "restart") return agent.get(http::verb::post, "/api/restart", json::object{});
  return agent.get(http::verb::post, "/api/visual-check",
                   json::object{{"armed", asked.words.front() == "on"}});
}

int set_password(const Asked& asked, Connection& agent, const Secret& old) {
  const auto next = password_from(asked.new_password_file, "new password: ");
  if (!next.ok()) return fail(next.error().describe());
  json::object body{{"old", as_text(old.expose())}, {"new", as_text(next->expose())}};
  const auto done = agent.get(http::verb::post, "/api/password", body);
  for (const char* key : {"old", "new"}) wipe(body[key].get_string().data(), body[key].get_string().size());
  if (!done.ok()) return fail(done.error().describe());
  std::puts("set-password: done");
  return 0;
}

}  // namespace

bool is_management_command(int argc, char** argv) {
  if (argc < 2) return false;
  for (const Command& command : kCommands)
    if (command.name == argv[1]) return true;
  return false;
}

int run_management_command(int argc, char** argv) {
  Asked asked;
  for (const Command& command : kCommands)
    if (command.name == argv[1]) asked.command = &command;
  std::string why;
  const bool understood = parse(argc, argv, asked, why);
  if (asked.help) {
    std::printf("usage: shogo-host-agent %s --bench FILE\n\n%s%s", std::string(asked.command->usage).c_str(),
                std::string(asked.command->help).c_str(), kOptions);
    return 0;
  }
  const std::string_view name = asked.command->name;
  if (!understood) return usage(*asked.command, why);
  if (asked.bench.empty()) return usage(*asked.command, "--bench FILE is missing");
  if (name == "visual-check" &&
      (asked.words.size() != 1 || (asked.words[0] != "on" && asked.words[0] != "off")))
    return usage(*asked.command, "say on or off");
  if (name != "visual-check" && name != "settings" && !asked.words.empty())
    return usage(*asked.command, fmt::format("\"{}\" is too much", asked.words.front()));
  const auto config = contract::load_bench_config(asked.bench);
  if (!config.ok()) return fail(config.error().describe());
  if (config->management_folder.empty())
    return fail(fmt::format("{} names no management_folder: this host agent is not managed", asked.bench));
  Connection agent;
  if (const auto open = agent.open(config->management_folder + "/control.sock"); !open.ok())
    return fail(open.error().describe());
  const auto password =
      password_from(asked.password_file, name == "set-password" ? "old password: " : "password: ");
  if (!password.ok()) return fail(password.error().describe());
  const auto must_set = agent.login(*password);
  if (!must_set.ok()) return fail(must_set.error().describe());
  if (name == "set-password") return set_password(asked, agent, *password);
  if (*must_set)
    return fail("this is the one-time secret: set a password first (shogo-host-agent set-password)");
  const auto answer = carry_out(asked, agent);
  if (!answer.ok()) return fail(answer.error().describe());
  print(name, *answer, asked.json);
  (void)agent.get(http::verb::post, "/api/logout", json::object{});
  return 0;
}

}  // namespace shogo::agent
