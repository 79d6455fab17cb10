// Words for tests, so that they need no recording.
#pragma once

#include <cstdio>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <shogo/base/wave.h>

namespace shogo::sound {

inline Sound spoken(const std::string& voice, const std::string& words) {
  const std::string command = fmt::format("espeak-ng -v {} --stdout '{}' 2>/dev/null", voice, words);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  Bytes bytes;
  std::uint8_t chunk[4096];
  for (std::size_t n; (n = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) append(bytes, {chunk, n});
  ::pclose(pipe);
  // Into a pipe it writes a length that no file has: correct it.
  if (bytes.size() > 44)
    for (std::size_t i = 0; i < 4; ++i)
      bytes[40 + i] = static_cast<std::uint8_t>((bytes.size() - 44) >> (8 * i));
  auto sound = read_wave(bytes);
  EXPECT_TRUE(sound.ok()) << "espeak-ng is needed (ci/setup installs it)";
  return sound.ok() ? *std::move(sound) : Sound{};
}

}  // namespace shogo::sound
