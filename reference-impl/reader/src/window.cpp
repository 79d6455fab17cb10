#include "window.h"

#include <mutex>
#include <optional>

#include <SDL2/SDL.h>
#include <fmt/core.h>

namespace shogo::reader {
namespace {

std::optional<Key> key_of_desk(SDL_Keycode key) {
  if (key >= SDLK_0 && key <= SDLK_9) return key_of_digit(static_cast<char>('0' + (key - SDLK_0)));
  if (key >= SDLK_KP_1 && key <= SDLK_KP_9) return key_of_digit(static_cast<char>('1' + (key - SDLK_KP_1)));
  if (key == SDLK_KP_0) return Key::k0;
  if (key == SDLK_BACKSPACE) return Key::kDelete;
  if (key == SDLK_RETURN || key == SDLK_KP_ENTER) return Key::kDone;
  return std::nullopt;
}

}  // namespace

struct Window::Impl {
  SDL_Window* window = nullptr;
  SDL_Renderer* renderer = nullptr;
  SDL_Texture* texture = nullptr;
  std::mutex mutex;  // guards frame, fresh
  Image frame;
  bool fresh = false;
};

Window::Window(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Window>> Window::open(const Panel& panel) {
  if (SDL_Init(SDL_INIT_VIDEO) != 0)
    return Error{Code::kUnavailable,
                 fmt::format("no display for --window: {}; without --window the reader draws off screen",
                             SDL_GetError())};
  auto impl = std::make_unique<Impl>();
  impl->window = SDL_CreateWindow("shogo reader", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                  panel.width_px, panel.height_px, SDL_WINDOW_RESIZABLE);
  impl->renderer = impl->window == nullptr ? nullptr : SDL_CreateRenderer(impl->window, -1, 0);
  if (impl->renderer != nullptr) {
    SDL_RenderSetLogicalSize(impl->renderer, panel.width_px, panel.height_px);
    impl->texture = SDL_CreateTexture(impl->renderer, SDL_PIXELFORMAT_RGB24, SDL_TEXTUREACCESS_STREAMING,
                                      panel.width_px, panel.height_px);
  }
  if (impl->texture == nullptr)
    return Error{Code::kUnavailable, fmt::format("cannot open a window: {}", SDL_GetError())};
  return std::unique_ptr<Window>(new Window(std::move(impl)));
}

Window::~Window() {
  if (impl_->texture != nullptr) SDL_DestroyTexture(impl_->texture);
  if (impl_->renderer != nullptr) SDL_DestroyRenderer(impl_->renderer);
  if (impl_->window != nullptr) SDL_DestroyWindow(impl_->window);
  SDL_Quit();
}

void Window::present(const Image& frame) {
  const std::lock_guard lock(impl_->mutex);
  impl_->frame = frame;
  impl_->fresh = true;
}

void Window::run(Reader& reader, const std::function<bool()>& stopping) {
  constexpr int kWait_ms = 10;
  while (!stopping()) {
    SDL_Event event;
    while (SDL_WaitEventTimeout(&event, kWait_ms) != 0) {
      switch (event.type) {
        case SDL_QUIT:
          return;
        case SDL_MOUSEBUTTONDOWN:
        case SDL_MOUSEBUTTONUP:
          reader.post([&reader, x = event.button.x, y = event.button.y,
                       down = event.type == SDL_MOUSEBUTTONDOWN] { reader.touch(x, y, down); });
          break;
        case SDL_KEYDOWN: {
          const SDL_Keycode key = event.key.keysym.sym;
          if (const auto pressed = key_of_desk(key); pressed && event.key.repeat == 0)
            reader.post([&reader, pressed] { reader.press(*pressed); });
          if (key == SDLK_ESCAPE) reader.post([&reader] { reader.fire("end"); });
          break;
        }
        default:
          break;
      }
    }
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->fresh) continue;
    impl_->fresh = false;
    SDL_UpdateTexture(impl_->texture, nullptr, impl_->frame.pixels.data(), impl_->frame.width * 3);
    SDL_RenderClear(impl_->renderer);
    SDL_RenderCopy(impl_->renderer, impl_->texture, nullptr, nullptr);
    SDL_RenderPresent(impl_->renderer);
  }
}

}  // namespace shogo::reader
