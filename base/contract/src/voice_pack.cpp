#include <cstdlib>

#include <fmt/core.h>

#include <shogo/base/file.h>
#include <shogo/base/json_reader.h>
#include <shogo/contract/voice_pack.h>

namespace shogo::contract {

std::filesystem::path voice_folder() {
  const auto named = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  if (auto folder = named("SHOGO_VOICE"); !folder.empty()) return folder;
  const auto cache = named("XDG_CACHE_HOME");
  return (cache.empty() ? named("HOME") / ".cache" : cache) / "shogo/voice-3";
}

Result<VoicePack> VoicePack::open(const std::filesystem::path& folder) {
  const auto index = folder / "voice.json";
  std::error_code ec;
  if (!std::filesystem::exists(index, ec))
    return Error{Code::kNotFound, fmt::format("no voice at {}: ci/voice-pack makes one", folder.string())};
  const auto corrupt = [&](const Error& cause) {
    return Error{Code::kCorrupt,
                 fmt::format("{} cannot be understood; ci/voice-pack makes a new one", index.string()),
                 cause};
  };
  const auto loaded = load_json(index);
  if (!loaded.ok()) return corrupt(loaded.error());
  const auto object = JsonObject::of(*loaded, index.string());
  if (!object.ok()) return corrupt(object.error());
  const auto prompts = object->objects("prompts");
  if (!prompts.ok()) return corrupt(prompts.error());
  VoicePack pack(folder);
  for (const JsonObject& prompt : *prompts) {
    const auto language = prompt.string("language"), text = prompt.string("text"),
               file = prompt.string("file"), sha256 = prompt.string("sha256");
    for (const auto* field : {&language, &text, &file, &sha256})
      if (!field->ok()) return corrupt(field->error());
    pack.prompts_[{*language, *text}] = {*file, *sha256};
  }
  return pack;
}

Result<Sound> VoicePack::speech(std::string_view language, std::string_view text) const {
  const auto found = prompts_.find({std::string(language), std::string(text)});
  if (found == prompts_.end())
    return Error{Code::kNotFound,
                 fmt::format("this text is not spoken in \"{}\": run ci/voice-pack", language)};
  SHOGO_TRY(const Bytes bytes, read_file(folder_ / found->second.file));
  if (sha256_hex(bytes) != found->second.sha256)
    return Error{Code::kCorrupt, fmt::format("{} is not the file that was made: run ci/voice-pack",
                                             (folder_ / found->second.file).string())};
  return read_wave(bytes);
}

std::vector<std::string> VoicePack::texts(std::string_view language) const {
  std::vector<std::string> all;
  for (const auto& [key, prompt] : prompts_)
    if (key.first == language) all.push_back(key.second);
  return all;
}

}  // namespace shogo::contract
