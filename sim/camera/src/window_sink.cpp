#include <cstdlib>
#include <string_view>

#include <SDL.h>
#include <fmt/format.h>

#include <shogo/sim/window_sink.h>

namespace shogo::sim {
namespace {

class WindowSink final : public FrameSink {
 public:
  ~WindowSink() override {
    if (texture_ != nullptr) SDL_DestroyTexture(texture_);
    if (renderer_ != nullptr) SDL_DestroyRenderer(renderer_);
    if (window_ != nullptr) SDL_DestroyWindow(window_);
    if (begun_) SDL_QuitSubSystem(SDL_INIT_VIDEO);
  }
  Result<void> open(const std::string& title, int width, int height) {
    // Ctrl-C belongs to the program.
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    begun_ = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    // Without a display SDL takes a driver that shows nothing; only who asks for that gets it.
    const bool unseen = begun_ && std::string_view(SDL_GetCurrentVideoDriver()) == "offscreen";
    if (unseen && std::getenv("SDL_VIDEODRIVER") == nullptr)
      return Error{Code::kUnavailable, "no window can be opened here: there is no display"};
    if (begun_)
      window_ = SDL_CreateWindow(title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height,
                                 SDL_WINDOW_RESIZABLE);
    if (window_ != nullptr) renderer_ = SDL_CreateRenderer(window_, -1, 0);
    if (renderer_ != nullptr) {
      SDL_RenderSetLogicalSize(renderer_, width, height);
      texture_ =
          SDL_CreateTexture(renderer_, SDL_PIXELFORMAT_RGB24, SDL_TEXTUREACCESS_STREAMING, width, height);
    }
    if (texture_ == nullptr)
      return Error{Code::kUnavailable,
                   fmt::format("no window can be opened here (is there a display?): {}", SDL_GetError())};
    return {};
  }
  Result<void> take(const FeedFrame& frame) override {
    for (SDL_Event event; SDL_PollEvent(&event) != 0;)
      if (event.type == SDL_QUIT || (event.type == SDL_KEYDOWN &&
                                     (event.key.keysym.sym == SDLK_ESCAPE || event.key.keysym.sym == SDLK_q)))
        return Error{Code::kCancelled, "the window was closed"};
    const Image& image = frame.picture.image;
    if (SDL_UpdateTexture(texture_, nullptr, image.pixels.data(), image.width * 3) != 0)
      return Error{Code::kUnavailable, fmt::format("the window cannot show a frame: {}", SDL_GetError())};
    SDL_RenderClear(renderer_);
    SDL_RenderCopy(renderer_, texture_, nullptr, nullptr);
    SDL_RenderPresent(renderer_);
    return {};
  }

 private:
  bool begun_ = false;
  SDL_Window* window_ = nullptr;
  SDL_Renderer* renderer_ = nullptr;
  SDL_Texture* texture_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<FrameSink>> window_sink(const std::string& title, int width, int height) {
  auto sink = std::make_unique<WindowSink>();
  SHOGO_CHECK_OK(sink->open(title, width, height));
  return std::unique_ptr<FrameSink>(std::move(sink));
}

}  // namespace shogo::sim
