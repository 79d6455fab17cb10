#include <array>
#include <utility>

#include <shogo/conformance/settle.h>
#include <shogo/contract/device_protocol.h>
#include <shogo/contract/management.h>

namespace shogo::conformance {
namespace {

namespace cap = contract::cap;

struct Way {
  std::string_view capability, en, ja;
};

constexpr std::array kWays{
    Way{cap::kScreenFrames,
        "let the adapter answer subscribe_frames with a binary frame of the whole panel at every change",
        "アダプターがsubscribe_framesに応答し、画面が変わるたびに全画面のバイナリフレームを送るようにする"},
    Way{cap::kScreenUi, "let the adapter answer get_ui_tree with the nodes of the current screen",
        "アダプターがget_ui_treeに応答し、現在の画面の部品を返すようにする"},
    Way{cap::kInputTouch, "let the adapter take touch requests and pass them to the panel's input",
        "アダプターがtouch要求を受け、パネルの入力へ渡すようにする"},
    Way{cap::kInputKey, "let the adapter take key requests and pass them to the keypad's input",
        "アダプターがkey要求を受け、テンキーの入力へ渡すようにする"},
    Way{cap::kKeypadPort,
        "plug a bench transmitter into the port of the device's external keypad and let it send what comes "
        "out of bench.keypad_device (hello)",
        "外付けテンキーの接続口に試験台の送信器をつなぎ、helloのbench.keypad_deviceの内容を送る"},
    Way{cap::kCardRf,
        "connect the device's antenna to bench.rf_socket (hello), or put a bench transmitter on its reading "
        "area",
        "装置のアンテナをbench.rf_socket（hello）につなぐか、読み取り部に試験台の送信器を置く"},
    Way{cap::kHostPath, "point the device's host software at bench.server_url (hello) with its trust anchor",
        "装置のホスト側ソフトの接続先を、helloのbench.server_urlと信頼の起点に合わせる"},
    Way{cap::kLinkPath,
        "let the reader reach its host software through bench.link_address (hello), or route its network "
        "through the "
        "bench",
        "読み取り装置から端末側ソフトへの接続先をhelloのbench.link_"
        "addressにするか、その通信を試験台の経路に通す"},
    Way{cap::kConnectivity,
        "let the adapter answer check_connectivity with the result of the host software's own check",
        "アダプターがcheck_connectivityに応答し、ホスト側ソフトの疎通確認の結果を返すようにする"},
    Way{cap::kLogExport, "let the adapter answer export_logs with the operation log as it is stored",
        "アダプターがexport_logsに応答し、保存されたままの操作ログを返すようにする"},
    Way{cap::kClockVirtual,
        "let the adapter take clock_mode and advance, and move every timer of the device with them "
        "(test builds only)",
        "アダプターがclock_"
        "modeとadvanceを受け、装置のすべてのタイマーを仮想時間で動かすようにする（試験用の版に限る）"},
    Way{cap::kManagement,
        "let the adapter answer management with the address of the clinic PC's management "
        "(docs/device-protocol.md)",
        "アダプターがmanagementに応答し、資格確認端末の管理機能の接続先を返すようにする（docs/"
        "device-protocol.md）"},
    Way{cap::kSettings, "let the adapter take put_file of the kind settings, and get_settings",
        "アダプターがput_file（kindはsettings）とget_settingsを受けるようにする"},
    Way{cap::kAudio, "let the adapter answer subscribe_audio with what the loudspeaker plays, with times",
        "アダプターがsubscribe_audioに応答し、スピーカーの出力を時刻とともに送るようにする"},
};

}  // namespace

Bilingual how_to_get(std::string_view capability) {
  for (const Way& way : kWays)
    if (way.capability == capability) return {std::string(way.ja), std::string(way.en)};
  const std::string name(capability);
  return {"アダプターがhelloで「" + name + "」を宣言し、対応する要求に応答するようにする",
          "let the adapter declare \"" + name + "\" in hello and answer its requests"};
}

}  // namespace shogo::conformance
