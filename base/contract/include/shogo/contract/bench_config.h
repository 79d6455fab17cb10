// bench.json: the one file that tells the reference reader's processes what is where on this bench. The
// harness writes it; on a desk a person may write one by hand (docs/reader.md). Paths are absolute.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <shogo/base/result.h>

namespace shogo::contract {

struct BenchConfig {
  std::string pcsc_socket;  ///< PCSCLITE_CSOCK_NAME for the host agent; empty: the system's pcscd
  std::vector<std::string>
      pcsc_readers;             ///< names in which the device's card slot appears; empty: the first reader
  std::string rf_socket;        ///< UNIX socket of the antenna (rf_exchange.h); empty: no front end of ours
  std::uint16_t vpcd_port = 0;  ///< where the front end presents the card to pcscd's driver
  std::string server_url;       ///< "https://127.0.0.1:4433"
  std::uint32_t server_timeout_ms = 8'000;  ///< how long the host agent waits for one answer of it
  std::string trust_anchor_pem;
  std::string client_cert_pem;
  std::string client_key_pem;
  std::string terminal_pem;  ///< the terminal's key for cards without PIN (fund_program.h); empty: none
  std::string fund_program;  ///< the shared library that implements fund_program.h
  std::string link_address;  ///< "127.0.0.1:PORT": the host agent listens, the reader connects
  std::string link_listen;  ///< where the host agent listens when that is elsewhere: the bench's network lies
                            ///< between; empty: link_address
  std::string link_key_file;  ///< 32 bytes in hex: what pairs the two ends (TLS pre-shared key)
  std::string
      adapter_address;  ///< "127.0.0.1:PORT": the reader serves the device protocol here; empty: no adapter
  std::string clock_file;  ///< the page of the bench's time (shared_clock.h); empty: the machine's
  std::string wall_start;  ///< scenario's civil time, "2026-04-01T09:00:00+09:00"; empty: today
  std::string panel = "panel-8-portrait";  ///< name of a panel profile
  std::string keypad = "none";             ///< physical keypad (1-14): "none", "built_in" or "external"
  std::string keypad_device;  ///< external: where its Linux input events are read (evdev), a node that comes
                              ///< and goes
  std::string log_folder;     ///< where the processes keep their operation logs
  std::string result_folder;  ///< where the host agent leaves a result for the clinic's other programs;
                              ///< empty: nowhere
  std::string management_folder;   ///< the host agent's own: password, control socket (docs/management.md);
                                   ///< empty: no management
  std::string management_address;  ///< "127.0.0.1:PORT": page for the clinic's staff; empty: none
  std::string storage_folder;      ///< what the reader keeps when it is switched off: its settings; empty:
                                   ///< it forgets them
  std::string update_folder;       ///< what host agent and reader keep of update packages, a folder each
                                   ///< (docs/updates.md); empty: no packages are taken
  std::vector<std::string> update_keys;  ///< public keys, 64 hex digits each: whose packages are taken
  std::uint64_t seed = 0;                ///< 0: the operating system's randomness (a desk)
};

[[nodiscard]] Result<BenchConfig> load_bench_config(const std::filesystem::path& path);
[[nodiscard]] Result<BenchConfig> parse_bench_config(std::string_view text, std::string_view where);
[[nodiscard]] std::string print_bench_config(const BenchConfig& config);

}  // namespace shogo::contract
