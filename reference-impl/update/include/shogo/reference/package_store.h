// PackageStore: what a device has installed from update packages, and how it gets back from a bad one (4-9).
//
//   install ──► on trial ──confirm──► in force ──install──► …
//                  │ roll_back, or kMaxTrialStarts starts without confirm
//                  └──► what was in force before
//
// The package that was in force before is kept until the next one is installed: a version whose bytes the
// disk loses later has one to go back to. Without any package the device uses what it was built with, so
// there is always a working version. A sequence number once seen is never taken again, even when its package
// was rolled back. Keys come in packages too; the key that signs such a package must be in it, so nobody can
// be locked out by a slip. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <shogo/contract/update_package.h>
#include <shogo/reference/storage.h>

namespace shogo::reference {

using contract::PackageKind;
using contract::PackageVersion;
using contract::PublicKey;

/// Starts of a device, a version on trial included, until it is given up. With a start's own time limit this
/// bounds how long a broken version can stay (10 minutes, 4-9.i).
constexpr int kMaxTrialStarts = 2;

struct PackageState;

class PackageStore {
 public:
  struct Installed {
    PackageVersion version;
    std::uint64_t sequence = 0;
    std::string sha256;  ///< of the content, lower-case hex
  };
  /// Why nothing was installed. Words of a fixed table: a log may have them.
  struct Refused {
    std::string_view reason;
  };

  /// Reads the state, counts this start against versions on trial, and gives up those that had their chances
  /// or whose content the disk has lost. `factory_keys`: trusted until a package of keys replaces them. A
  /// state that cannot be understood is an error (kCorrupt); it is never overwritten.
  static Result<PackageStore> open(Storage& storage, std::vector<PublicKey> factory_keys);

  /// Everything that ever came in packages is deleted, sequence numbers and keys included: the device is
  /// again as it was built, and would take old packages again. For service, with no store open.
  static Result<void> erase(Storage& storage);

  PackageStore(PackageStore&& other) noexcept;
  ~PackageStore();

  /// Verifies and installs; in force at once, on trial. A package of keys has no trial.
  [[nodiscard]] std::optional<Refused> install(ByteView package);
  /// It works. What was before stays on the disk until the next package.
  [[nodiscard]] Result<void> confirm(PackageKind kind);
  /// It does not: back to what was before. Nothing happens to what is not on trial.
  [[nodiscard]] Result<void> roll_back(PackageKind kind);

  /// What is in force; nothing: what the device was built with.
  [[nodiscard]] std::optional<Installed> installed(PackageKind kind) const;
  [[nodiscard]] bool on_trial(PackageKind kind) const;
  /// Kinds that open() gave up, for the log.
  [[nodiscard]] const std::vector<PackageKind>& given_up() const { return given_up_; }
  /// The content in force. kNotFound: none was ever installed. kCorrupt: the disk lost it; what
  /// the device was built with is left.
  [[nodiscard]] Result<Bytes> content(PackageKind kind) const;
  [[nodiscard]] const std::vector<PublicKey>& trusted_keys() const;

 private:
  PackageStore(Storage& storage, std::unique_ptr<PackageState> state);
  /// The only place where anything changes: first on the disk, then here.
  Result<void> commit(PackageState next);
  /// Removes files that no state needs: the remains of an interrupted installation, and what was replaced.
  void sweep();
  [[nodiscard]] bool is_whole(PackageKind kind, const Installed& installed) const;
  std::optional<Refused> install_keys(const contract::Package& package);

  Storage* storage_;
  std::unique_ptr<PackageState> state_;
  std::vector<PackageKind> given_up_;
};

}  // namespace shogo::reference
