// Every byte that C++ code of a program gives back to the heap is overwritten first. Secrets wipe themselves
// (base, Secret); this catches the copies that libraries and containers make on the way: a vector that grew,
// a message that was cut into blocks, a text inside JSON (3-16.b). Linked into the programs and into nothing
// else.
#include <cstdlib>
#include <malloc.h>
#include <new>

#include <shogo/base/secret.h>

// A sanitizer's own heap keeps freed memory under guard and wants its own operators.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHOGO_PLAIN_HEAP
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SHOGO_PLAIN_HEAP
#endif
#endif

#ifndef SHOGO_PLAIN_HEAP
namespace {

void give_back(void* memory) noexcept {
  if (memory == nullptr) return;
  shogo::wipe(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

void* take(std::size_t size) {
  for (;;) {
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* take(std::size_t size, std::align_val_t alignment) {
  const auto boundary = static_cast<std::size_t>(alignment);
  const std::size_t whole = (size + boundary - 1) / boundary * boundary;
  void* memory = std::aligned_alloc(boundary, whole == 0 ? boundary : whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return take(size, alignment);
}
void operator delete(void* memory) noexcept {
  give_back(memory);
}
void operator delete[](void* memory) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
#endif
