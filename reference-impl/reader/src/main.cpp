// shogo-reader: the reference reader's firmware. main() only wires parts together.
#include "adapter/device_adapter.h"
#include "link/host_link.h"
#include "reader.h"
#include "version.h"
#include "window.h"
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <thread>

#include <SDL2/SDL.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <shogo/contract/bench_config.h>
#include <shogo/reference/mutant.h>

namespace {

using namespace shogo;
using namespace shogo::reader;

constexpr int kUsage = 2;
constexpr const char* kHelp =
    "usage: shogo-reader --bench FILE [--window]\n"
    "       shogo-reader --render-screens FOLDER\n"
    "\n"
    "Firmware of the shogo reference reader: screens, touch, PIN entry; talks to the host agent over the "
    "reader link.\n"
    "\n"
    "  --bench FILE              what is where: link_address, link_key_file, panel, log_folder, "
    "adapter_address\n"
    "                            (docs/reader.md describes the file)\n"
    "  --window                  show the panel in a window; mouse is the finger, digits, Enter, Backspace "
    "and Esc work\n"
    "  --render-screens FOLDER   draw every screen in every language and panel profile as BMP files, and "
    "end\n"
    "  --help                    this text\n"
    "\n"
    "Ends on SIGTERM or SIGINT. Exit codes: 0 ended as asked, 2 usage or environment.\n";

class ErrorStreamSink final : public LogSink {
 public:
  void write_line(std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  }
};

int fail(const Error& error) {
  std::fprintf(stderr, "shogo-reader: %s\n", error.describe().c_str());
  return kUsage;
}

/// 3-19: no core file, no debugger of the same user.
void refuse_memory_dumps() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

int render_screens(const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  auto fonts = Fonts::open();
  if (!fonts.ok()) return fail(fonts.error());
  for (const std::string_view name : kPanelNames) {
    const auto panel = load_panel(name);
    if (!panel.ok()) return fail(panel.error());
    for (const auto& [key, state] : Journey::built_in().states()) {
      for (const Language language : {Language::kJapanese, Language::kEnglish}) {
        PageInput input;
        input.screen = state.screen;
        input.language = language;
        input.tries_left = 3;
        input.typed = 2;
        input.keypad = keypad_shape(*panel);
        Page page = draw_page(input, *panel, **fonts, Messages::built_in());
        const auto file =
            folder / (std::string(name) + "-" + state.screen + "-" + std::string(code_of(language)) + ".bmp");
        SDL_Surface* surface =
            SDL_CreateRGBSurfaceWithFormatFrom(page.frame.pixels.data(), page.frame.width, page.frame.height,
                                               24, page.frame.width * 3, SDL_PIXELFORMAT_RGB24);
        const bool saved = surface != nullptr && SDL_SaveBMP(surface, file.c_str()) == 0;
        SDL_FreeSurface(surface);
        if (!saved) return fail(Error{Code::kDenied, "cannot write " + file.string()});
      }
    }
  }
  return 0;
}

int run(const contract::BenchConfig& config, bool window_wanted) {
  const Nanoseconds wall = config.wall_start.empty() ? Nanoseconds{-1} : parse_jst(config.wall_start);
  RealClock clock = wall.count() < 0 ? RealClock() : RealClock(wall);
  ErrorStreamSink errors;
  std::unique_ptr<FileSink> file;
  const std::string log_file = config.log_folder.empty() ? "" : config.log_folder + "/reader.log";
  if (!log_file.empty()) {
    auto opened = FileSink::open(log_file);
    if (!opened.ok()) return fail(opened.error());
    file = *std::move(opened);
  }
  LogSink& sink = file ? static_cast<LogSink&>(*file) : errors;
  Log log(clock, sink, "reader");
  log.write("boot", {{"model", PublicText::from_table(kModel)},
                     {"serial", PublicText::from_table(kSerial)},
                     {"firmware", PublicText::from_table(kFirmware)}});

  auto panel = load_panel(config.panel);
  if (!panel.ok()) return fail(panel.error());
  auto fonts = Fonts::open();
  if (!fonts.ok()) return fail(fonts.error());
  auto key = reference::load_link_key(config.link_key_file);
  if (!key.ok()) return fail(key.error());
  auto context = reference::make_link_context(reference::LinkEnd::kReader, *key);
  if (!context.ok()) return fail(context.error());
  std::unique_ptr<Window> window;
  if (window_wanted) {
    auto opened = Window::open(*panel);
    if (!opened.ok()) return fail(opened.error());
    window = *std::move(opened);
  }

  Hooks hooks = make_hooks(sink);
  const std::string mutant = hooks.mutant;
  Reader reader(*panel, **fonts, std::move(hooks), config.seed, clock, log);
  HostLink link(config.link_address, *std::move(context),
                {{"type", "hello"}, {"serial", kSerial}, {"fw", kFirmware}}, clock, log,
                {[&] { reader.post([&] { reader.fire("host_connected"); }); },
                 [&](boost::json::object body) {
                   reader.post([&reader, body = std::move(body)] { reader.host_message(body); });
                 },
                 [&] { reader.post([&] { reader.host_gone(); }); }});
  std::unique_ptr<DeviceAdapter> adapter;
  if (!config.adapter_address.empty()) {
    auto listening = DeviceAdapter::listen(config.adapter_address, reader, log_file, mutant, clock, log);
    if (!listening.ok()) return fail(listening.error());
    adapter = *std::move(listening);
  }
  reader.connect({[&](const boost::json::object& body) { link.send(body); },
                  [&](const boost::json::object& body, std::uint64_t session, Secret pin) {
                    link.send_pin(body, session, std::move(pin));
                  },
                  [&](std::string_view method, boost::json::object params) {
                    if (adapter) adapter->notify(method, std::move(params));
                  },
                  [&](const Image& frame) {
                    if (adapter) adapter->present(frame);
                    if (window) window->present(frame);
                  }});
  std::thread loop([&] { reader.run(); });
  link.start();

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (window) {
    window->run(reader, [&] {
      const timespec none{0, 0};
      return sigtimedwait(&signals, nullptr, &none) > 0;
    });
  } else {
    int signal = 0;
    sigwait(&signals, &signal);
  }
  log.write("shutdown");
  // The loop ends before the adapter to which it hands frames.
  link.stop();
  reader.stop();
  loop.join();
  adapter.reset();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (!SHOGO_TAKE_MUTANT_OPTION(argc, argv)) return kUsage;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  if (argc == 3 && std::strcmp(argv[1], "--render-screens") == 0) return render_screens(argv[2]);
  const bool window = argc == 4 && std::strcmp(argv[3], "--window") == 0;
  if ((argc != 3 && !window) || std::strcmp(argv[1], "--bench") != 0) {
    std::fputs(kHelp, stderr);
    return kUsage;
  }
  refuse_memory_dumps();
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const auto config = contract::load_bench_config(argv[2]);
  if (!config.ok()) return fail(config.error());
  return run(*config, window);
}
