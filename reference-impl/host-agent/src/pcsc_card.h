// The PC/SC side of CardChannel. Each object has a context of its own; one thread at a time uses it.
#pragma once

#include "card_channel.h"
#include <string>

#include <winscard.h>

namespace shogo::agent {

class PcscCard final : public CardChannel {
 public:
  /// Empty name: the first reader there is.
  explicit PcscCard(std::string reader) : reader_(std::move(reader)) {}
  ~PcscCard() override;
  PcscCard(const PcscCard&) = delete;
  PcscCard& operator=(const PcscCard&) = delete;
  Result<void> with_card(const std::function<void(const Transmit&)>& work) override;

 private:
  Result<void> ensure_context();
  std::string reader_;
  SCARDCONTEXT context_ = 0;
  bool has_context_ = false;
};

/// The reader to use: `wanted` when it is listed, the first one when `wanted` is empty.
[[nodiscard]] Result<std::string> find_reader(SCARDCONTEXT context, const std::string& wanted);

}  // namespace shogo::agent
