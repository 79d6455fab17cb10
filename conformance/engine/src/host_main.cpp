// shogo-matcher-host: loads one matcher library and calls it on request. Nothing here decides anything; it is
// the part of shogo that the library may break. Called by EngineProcess with the socket on descriptor 3 and
// the memory limit in bytes as its argument; not meant for people.
#include "wire.h"
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <sched.h>
#include <string>
#include <unistd.h>
#include <vector>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <shogo/contract/matcher.h>

namespace {

using shogo::Bytes;
using shogo::engine::Reader;
using shogo::engine::Request;
using shogo::engine::Writer;

constexpr int kSocket = 3;

bool receive_all(void* to, std::size_t size) {
  auto* at = static_cast<std::uint8_t*>(to);
  while (size > 0) {
    const ssize_t got = ::read(kSocket, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void send_all(const void* from, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(from);
  while (size > 0) {
    const ssize_t put = ::write(kSocket, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) ::_exit(0);
    at += put;
    size -= static_cast<std::size_t>(put);
  }
}

void answer(const Bytes& bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  send_all(&size, sizeof size);
  send_all(bytes.data(), bytes.size());
}

/// A buffer whose end is the end of readable memory: one byte too far is a crash that names the call.
class GuardedBuffer {
 public:
  bool make(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t body = (size + page - 1) / page * page;
    void* memory = ::mmap(nullptr, body + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return false;
    auto* start = static_cast<std::uint8_t*>(memory);
    if (::mprotect(start + body, page, PROT_NONE) != 0) return false;
    data_ = start + body - size;
    return true;
  }
  [[nodiscard]] std::uint8_t* data() const { return data_; }

 private:
  std::uint8_t* data_ = nullptr;
};

struct Engine {
  // The functions of matcher.h, but with plain numbers for statuses: a library may return any.
  int (*describe)(shogo_matcher_info*) = nullptr;
  int (*open)(const char*, shogo_matcher**) = nullptr;
  void (*close)(shogo_matcher*) = nullptr;
  int (*make_template)(shogo_matcher*, const shogo_matcher_image*, shogo_template_role, std::uint8_t*,
                       std::size_t*) = nullptr;
  int (*compare)(shogo_matcher*, const std::uint8_t*, std::size_t, const std::uint8_t*, std::size_t,
                 double*) = nullptr;
  shogo_matcher* matcher = nullptr;
  shogo_matcher_info info{};
  GuardedBuffer buffer;
  std::vector<Bytes> templates;
};

bool cut_network() {
  return ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

/// Empty, or why the library cannot be used.
std::string load(Engine& engine, const std::string& library, const std::string& data_folder) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return std::string("cannot be loaded: ") + ::dlerror();
  std::string missing;
  const auto find = [&](auto& function, const char* name) {
    void* symbol = ::dlsym(handle, name);
    if (symbol == nullptr) missing += std::string(missing.empty() ? "" : ", ") + name;
    std::memcpy(&function, &symbol, sizeof symbol);
  };
  find(engine.describe, "shogo_matcher_describe");
  find(engine.open, "shogo_matcher_open");
  find(engine.close, "shogo_matcher_close");
  find(engine.make_template, "shogo_matcher_template");
  find(engine.compare, "shogo_matcher_compare");
  if (!missing.empty()) return "lacks " + missing + " (shogo/contract/matcher.h)";
  if (engine.describe(&engine.info) != SHOGO_MATCHER_OK) return "does not describe itself";
  if (engine.info.abi_version != SHOGO_MATCHER_ABI_VERSION)
    return "speaks version " + std::to_string(engine.info.abi_version) +
           " of the matcher interface; this shogo speaks " + std::to_string(SHOGO_MATCHER_ABI_VERSION);
  if (engine.info.name == nullptr || engine.info.version == nullptr) return "tells no name or no version";
  if (engine.info.template_size_max == 0 || engine.info.template_size_max > shogo::engine::kLargestTemplate)
    return "declares templates of up to " + std::to_string(engine.info.template_size_max) +
           " bytes; 1 byte to 16 MiB were expected";
  const int opened = engine.open(data_folder.c_str(), &engine.matcher);
  if (opened != SHOGO_MATCHER_OK || engine.matcher == nullptr)
    return "cannot open its data folder \"" + data_folder + "\" (status " + std::to_string(opened) + ")";
  if (!engine.buffer.make(engine.info.template_size_max)) return "leaves no memory for a template";
  return "";
}

void on_open(Engine& engine, Reader request, bool network_cut) {
  const auto library = request.text(), folder = request.text();
  const std::string trouble = library && folder ? load(engine, *library, *folder) : "was asked for wrongly";
  Writer reply;
  reply.text(trouble);
  if (trouble.empty()) {
    reply.text(engine.info.name).text(engine.info.version).bytes(engine.info.engine_sha256);
    reply.put(engine.info.template_size_max)
        .put(engine.info.higher_is_similar)
        .put(std::uint8_t{network_cut});
  }
  answer(reply.done());
}

void on_template(Engine& engine, Reader request) {
  const auto role = request.get<std::uint8_t>();
  const auto width = request.get<std::uint32_t>(), height = request.get<std::uint32_t>(),
             channels = request.get<std::uint32_t>();
  if (!role || !channels) ::_exit(2);
  const shogo_matcher_image image{*width, *height, *channels, request.rest().data()};
  std::size_t size = engine.info.template_size_max;
  const int status = engine.make_template(engine.matcher, &image, static_cast<shogo_template_role>(*role),
                                          engine.buffer.data(), &size);
  // The size crosses even when it is impossible: the other side judges.
  if (status == SHOGO_MATCHER_OK && size <= engine.info.template_size_max)
    engine.templates.emplace_back(engine.buffer.data(), engine.buffer.data() + size);
  answer(Writer()
             .put(static_cast<std::uint32_t>(status))
             .put(static_cast<std::uint32_t>(engine.templates.size()))
             .put(static_cast<std::uint64_t>(size))
             .done());
}

void on_compare(Engine& engine, Reader request) {
  Writer reply;
  for (;;) {
    const auto probe = request.get<std::uint32_t>(), reference = request.get<std::uint32_t>();
    if (!reference) break;
    if (*probe >= engine.templates.size() || *reference >= engine.templates.size()) ::_exit(2);
    const Bytes &a = engine.templates[*probe], &b = engine.templates[*reference];
    double score = 0;
    const int status = engine.compare(engine.matcher, a.data(), a.size(), b.data(), b.size(), &score);
    reply.put(static_cast<std::uint32_t>(status)).put(score);
  }
  answer(reply.done());
}

void limit(int resource, std::uint64_t value) {
  const rlimit wanted{value, value};
  (void)::setrlimit(static_cast<__rlimit_resource_t>(resource), &wanted);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  [[maybe_unused]] const std::uint64_t memory = std::strtoull(argv[1], nullptr, 10);
  const bool network_cut = cut_network();
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);  // "no call may write files"
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, memory);  // sanitizers reserve terabytes of address space
#endif
  Engine engine;
  std::uint32_t size = 0;
  while (receive_all(&size, sizeof size)) {
    Bytes request(size);
    if (size == 0 || !receive_all(request.data(), size)) break;
    Reader reader(request);
    const auto kind = static_cast<Request>(*reader.get<std::uint8_t>());
    if (kind == Request::kOpen)
      on_open(engine, reader, network_cut);
    else if (kind == Request::kTemplate)
      on_template(engine, reader);
    else if (kind == Request::kCompare)
      on_compare(engine, reader);
  }
  if (engine.matcher != nullptr) engine.close(engine.matcher);
  return 0;
}
