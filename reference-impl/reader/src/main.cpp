// shogo-reader: the reference reader's firmware. main() only wires parts together.
#include "adapter/device_adapter.h"
#include "camera/camera_config.h"
#include "flow/diagram.h"
#include "link/host_link.h"
#include "reader.h"
#include "staff/settings_store.h"
#include "ui/screens.h"
#include "version.h"
#include "window.h"
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <png.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>

#include <shogo/contract/bench_config.h>
#include <shogo/contract/update_package.h>
#include <shogo/contract/voice_pack.h>
#include <shogo/reference/mutant.h>
#include <shogo/reference/process.h>
#include <shogo/reference/time_box.h>

namespace {

using namespace shogo;
using namespace shogo::reader;

constexpr int kUsage = 2;
constexpr const char* kHelp =
    "usage: shogo-reader --bench FILE [--window] [--log-stderr]\n"
    "       shogo-reader --render-screens FOLDER\n"
    "       shogo-reader --state-diagram\n"
    "\n"
    "Firmware of the shogo reference reader: screens, touch, PIN entry; talks to the host agent over the "
    "reader link.\n"
    "\n"
    "  --bench FILE              what is where: link_address, link_key_file, panel, log_folder, "
    "adapter_address\n"
    "                            (docs/reader.md describes the file)\n"
    "  --window                  show the panel in a window; mouse is the finger, digits, Enter, Backspace "
    "and Esc work\n"
    "  --log-stderr              write the operation log to standard error as well\n"
    "  --render-screens FOLDER   draw every screen in every language and panel profile as PNG files, and "
    "end\n"
    "  --state-diagram           print the journey as a Mermaid diagram, and end\n"
    "  --help                    this text\n"
    "\n"
    "It speaks with the recordings of ci/voice-pack (SHOGO_VOICE, or the cache) and has tones only without.\n"
    "Ends on SIGTERM or SIGINT. Exit codes: 0 ended as asked, 2 usage or environment.\n";

int fail(const Error& error) {
  std::fprintf(stderr, "shogo-reader: %s\n", error.describe().c_str());
  return kUsage;
}

bool save_png(const Image& frame, const std::filesystem::path& file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(frame.width);
  png.height = static_cast<png_uint_32>(frame.height);
  png.format = PNG_FORMAT_RGB;
  return png_image_write_to_file(&png, file.c_str(), 0, frame.pixels.data(), 0, nullptr) != 0;
}

/// The pages with lists are drawn once more for each: one synthetic paper, and several with their keys.
std::vector<PageInput> with_papers(const PageInput& plain) {
  constexpr const char* kSubsidies[] = {"架空県　こども医療費受給者証",
                                        "架空市　ひとり親家庭等医療費受給者証",
                                        "架空県　重度障害者医療費受給者証", "架空町　乳幼児医療費受給者証"};
  constexpr const char* kInstitutions[] = {
      "架空みなと病院　循環器内科", "架空つばき医院　眼科",
      "架空大学医学部附属𠮷野総合医療センター分院　耳鼻咽喉科・頭頸部外科", "架空やまびこクリニック　皮膚科"};
  const auto& names = plain.screen == "consent_subsidy" ? kSubsidies : kInstitutions;
  PageInput one = plain;
  one.papers = {{"1", names[0], true}};
  PageInput several = plain;
  several.key_legends = true;
  for (const char* name : names) several.papers.push_back({"1", name, name == names[1]});
  return {one, several};
}

int render_screens(const std::filesystem::path& folder) {
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  auto fonts = Fonts::open();
  if (!fonts.ok()) return fail(fonts.error());
  for (const std::string_view name : kPanelNames) {
    const auto panel = load_panel(name);
    if (!panel.ok()) return fail(panel.error());
    for (const auto& [screen_name, screen] : Screens::built_in().all()) {
      for (const auto& [language, code] : kLanguages) {
        PageInput input;
        input.screen = screen_name;
        input.language = language;
        input.next_language = next_after(language, all_languages());
        input.tries_left = 3;
        input.typed = 2;
        input.keypad = keypad_shape(*panel);
        input.steps_passed = screen.step;
        const Page page = draw_page(input, *panel, **fonts, Messages::built_in());
        const auto file = folder / (std::string(name) + "-" + screen_name + "-" + std::string(code) + ".png");
        if (!save_png(page.frame, file)) return fail(Error{Code::kDenied, "cannot write " + file.string()});
        if (screen_name != "consent_prescription" && screen_name != "consent_subsidy" &&
            screen_name != "consent_referral")
          continue;
        for (const PageInput& listed : with_papers(input)) {
          const auto with =
              folder / fmt::format("{}-{}-{}-{}.png", name, screen_name, code, listed.papers.size());
          if (!save_png(draw_page(listed, *panel, **fonts, Messages::built_in()).frame, with))
            return fail(Error{Code::kDenied, "cannot write " + with.string()});
        }
      }
    }
  }
  return 0;
}

struct Options {
  std::string bench;
  std::string render_folder;
  bool state_diagram = false;
  bool window = false;
  bool log_stderr = false;
};

/// False when the words make no sense.
bool parse_options(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--window") {
      options.window = true;
    } else if (word == "--log-stderr") {
      options.log_stderr = true;
    } else if (word == "--bench" && i + 1 < argc) {
      options.bench = argv[++i];
    } else if (word == "--state-diagram") {
      options.state_diagram = true;
    } else if (word == "--render-screens" && i + 1 < argc) {
      options.render_folder = argv[++i];
    } else {
      return false;
    }
  }
  return (options.bench.empty() ? 0 : 1) + (options.render_folder.empty() ? 0 : 1) +
             (options.state_diagram ? 1 : 0) ==
         1;
}

/// Staff have asked for it: the program ends in order, and begins anew as it was called.
std::atomic<bool> restart_asked{false};

int run(const contract::BenchConfig& config, const Options& options) {
  const auto found = reference::clock_of(config);
  if (!found.ok()) return fail(found.error());
  Clock& clock = **found;
  const auto opened = reference::OperationLog::open(config, "reader", options.log_stderr);
  if (!opened.ok()) return fail(opened.error());
  LogSink& sink = **opened;
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
  const auto cameras = load_camera_config(options.bench);
  if (!cameras.ok()) return fail(cameras.error());
  auto context = reference::make_link_context(reference::LinkEnd::kReader, *key);
  if (!context.ok()) return fail(context.error());
  std::unique_ptr<Window> window;
  if (options.window) {
    auto shown = Window::open(*panel);
    if (!shown.ok()) return fail(shown.error());
    window = *std::move(shown);
  }

  Hooks hooks = make_hooks(sink);
  const std::string mutant = hooks.mutant;
  const bool stores_settings = hooks.stores_settings;
  const SettingsStore store(config.storage_folder);
  const KeypadHooks keypad_hooks = hooks.keypad_port;
  LinkHooks link_hooks = hooks.link;
  const std::unique_ptr<Clock> bent = hooks.clock(clock);
  Clock& own_clock = bent ? *bent : clock;
  Reader reader(*panel, **fonts, std::move(hooks), config.seed, own_clock, log);
  if (!cameras->patient_ring.empty())
    reader.see_with(std::make_unique<Camera>(cameras->patient_ring, own_clock));
  std::optional<reference::FolderStorage> update_storage;
  const bool takes_updates = !config.update_folder.empty() && !config.update_keys.empty();
  auto update_keys = contract::public_keys(config.update_keys);
  if (!update_keys.ok()) return fail(update_keys.error());
  if (takes_updates) {
    auto opened_folder =
        reference::FolderStorage::open(std::filesystem::path(config.update_folder) / "reader");
    if (!opened_folder.ok()) return fail(opened_folder.error());
    update_storage.emplace(*std::move(opened_folder));
  }
  HostLink link(
      config.link_address, *std::move(context), {{"type", "hello"}, {"serial", kSerial}, {"fw", kFirmware}},
      own_clock,
      {[&] { reader.post([&] { reader.host_up(); }); },
       [&](boost::json::object body) {
         reader.post([&reader, body = std::move(body)] { reader.host_message(body); });
       },
       [&](std::string_view reason) { reader.post([&reader, reason] { reader.host_gone(reason); }); }},
      std::move(link_hooks));
  // Without recordings the device has tones only, and says so where staff and bench look.
  if (auto voice = contract::VoicePack::open(contract::voice_folder()); voice.ok()) {
    log.write("voice", {{"texts", static_cast<std::int64_t>(voice->size())}});
    reader.speak_with(*std::move(voice));
  } else {
    log.write("no_voice");
    std::fprintf(stderr, "shogo-reader: tones only, no words: %s\n", voice.error().describe().c_str());
  }
  std::unique_ptr<DeviceAdapter> adapter;
  if (!config.adapter_address.empty()) {
    auto listening = DeviceAdapter::listen(config.adapter_address, reader, (*opened)->path(), mutant, clock,
                                           log, config.keypad, takes_updates,
                                           {config.management_address, config.management_folder});
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
                  },
                  [&](const Settings& settings) { link.use(link_timing(settings)); },
                  [&](const Heard& piece) {
                    if (adapter) adapter->play(piece);
                  },
                  [&](const boost::json::object& changes) {
                    const auto kept = stores_settings ? store.save(changes) : Result<void>();
                    if (!kept.ok()) log.write("settings_not_stored");
                    return kept.ok();
                  },
                  [&] {
                    restart_asked = true;
                    ::kill(::getpid(), SIGTERM);
                  }});
  if (update_storage) reader.keep_updates(*update_storage, *std::move(update_keys));
  const auto kept = store.load();
  if (!kept.ok()) log.write("settings_lost");
  reader.begin_with(kept.ok() ? *kept : boost::json::object{});
  link.use(link_timing(reader.settings()));
  std::thread loop([&] { reader.run(); });
  link.start();
  // The keypad within has no cable; one on a cable tells for itself that it is there.
  if (config.keypad == "built_in") reader.post([&reader] { reader.keypad(true); });
  std::optional<ExternalKeypad> keypad;
  if (config.keypad == "external") {
    keypad.emplace(
        config.keypad_device,
        [&reader](std::function<void(Input&)> what) {
          reader.post([&reader, what = std::move(what)] { what(reader); });
        },
        keypad_hooks);
    keypad->start();
  }

  if (window) {
    window->run(reader, reference::end_asked);
  } else {
    reference::wait_for_end();
  }
  log.write("shutdown");
  keypad.reset();
  // The loop ends before the adapter to which it hands frames.
  link.stop();
  reader.stop();
  loop.join();
  adapter.reset();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // As it was called, for a restart; and while the system still tells where the program lies (3-19 ends
  // that).
  std::vector<char*> called(argv, argv + argc);
  called.push_back(nullptr);
  std::error_code ec;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ec);
  if (!SHOGO_TAKE_MUTANT_OPTION(argc, argv)) return kUsage;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  Options options;
  if (!parse_options(argc, argv, options)) {
    std::fputs(kHelp, stderr);
    return kUsage;
  }
  if (options.state_diagram) {
    std::fputs(state_diagram(Journey::built_in()).c_str(), stdout);
    return 0;
  }
  if (!options.render_folder.empty()) return render_screens(options.render_folder);
  if (!SHOGO_MUTANT("m.dump.ptrace_ok")) reference::refuse_memory_dumps();
  reference::hold_end_signals();
  const auto config = contract::load_bench_config(options.bench);
  if (!config.ok()) return fail(config.error());
  if (!ec) reference::begin_anew_when_stuck(program.c_str(), called.data());
  const int code = run(*config, options);
  if (!restart_asked || ec) return code;
  ::execv(program.c_str(), called.data());
  return fail(Error{Code::kUnavailable, "cannot start again"});
}
