#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// What a disk does to those who write.
enum class disk_mood : uint8_t {
  fine,
  full,
  read_only,

  /// Writes the first half of each piece, then reports an error.
  half_writes,

  /// Reports an error for each sync, and forgets what was to be synced, as
  /// Linux does: a later sync that succeeds does not bring it back.
  no_sync,
};

/// A disk below SQLite, for all connections with the virtual file system
/// `name`: a shim over the default one. It knows which bytes would be there
/// after a power cut. There is one at a time.
///
/// Safe to call from any thread.
class test_disk {
public:
  static constexpr const char* name = "bulwark_test_disk";

  test_disk();
  test_disk(const test_disk&) = delete;
  test_disk& operator=(const test_disk&) = delete;

  /// @pre no connection to it is open
  ~test_disk();

  void be(disk_mood mood);

  /// Lets each sync wait from now on.
  void hold_syncs();

  /// Lets those that wait go on, and further ones through.
  void release_syncs();

  /// Returns once a sync waits. @throws on a timeout
  void await_held_sync();

  /// Returns once something was refused since the last `be`. @throws on a
  /// timeout
  void await_refusal();

  uint64_t syncs() const;

  /// Writes what a power cut now would leave of the files of `from` to the
  /// folder `to`.
  void cut_power(const std::filesystem::path& from,
                 const std::filesystem::path& to) const;

  // For the shim. The codes are SQLite's.
  int before_write();
  bool writes_half() const;
  int sync(const std::string& path);
  void wrote(const std::string& path, int64_t offset, int64_t size);
  void truncated(const std::string& path, int64_t size);
  void removed(const std::string& path);
  void refused();

private:
  struct image {
    std::string bytes;

    // Written since the last sync: offsets and sizes.
    std::vector<std::pair<int64_t, int64_t>> dirty;
  };

  mutable std::mutex lock_;
  std::condition_variable changed_;
  disk_mood mood_ = disk_mood::fine;
  bool hold_ = false;
  int held_ = 0;
  uint64_t refusals_ = 0;
  uint64_t syncs_ = 0;
  std::map<std::string, image> images_;
};

} // namespace test
