#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace test {

/// Three members of which one other has to have what is acknowledged, as plain
/// as it can be written: whoever is reached gets a copy of the primary's whole
/// log, and answers at once.
///
/// Confined to one thread.
class plain_group {
public:
  /// Epoch and content; content 0 opens the epoch.
  using entry = std::pair<uint64_t, int>;

  struct member {
    uint64_t promised = 0;
    std::vector<entry> log;
    bool up = true;
    bool cut_off = false;
    uint64_t leads = 0;

    /// The largest epoch that others have told of since it is up.
    uint64_t heard = 0;

    friend bool operator==(const member&, const member&) = default;
  };

  static constexpr size_t size = 3;

  void append(size_t which, int content);
  void promote(size_t which);
  void lose(size_t which);
  void come_back(size_t which);
  void cut(size_t which) { members[which].cut_off ^= true; }

  bool reach(size_t a, size_t b) const {
    return members[b].up && !members[a].cut_off && !members[b].cut_off;
  }

  std::array<member, size> members;
  std::vector<entry> acknowledged;

  friend bool operator==(const plain_group&, const plain_group&) = default;

private:
  void write(size_t which, entry what);
};

} // namespace test
