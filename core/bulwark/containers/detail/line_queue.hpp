#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

/// How much the loss of a line matters.
enum class line_rank : uint8_t { ordinary, precious };

/// Lines that wait to be written, in order. Beyond `lines_max` one is dropped:
/// the oldest ordinary one, and only where there is none, the oldest precious
/// one; an ordinary line that comes while all others are precious is dropped
/// itself.
///
/// Confined to one thread; the log guards it with its lock.
class line_queue {
public:
  /// @pre `lines_max` is at least 1
  explicit line_queue(size_t lines_max) : lines_max_(lines_max) {}

  void add(std::string line, line_rank rank);

  /// Takes the oldest line out.
  std::optional<std::string> take();

  [[nodiscard]] size_t size() const noexcept {
    return ordinary_.size() + precious_.size();
  }

  /// Returns how many lines were dropped since the last call.
  uint64_t take_dropped() noexcept { return std::exchange(dropped_, 0); }

private:
  struct numbered {
    uint64_t number;
    std::string text;
  };

  size_t lines_max_;
  uint64_t numbers_ = 0;
  uint64_t dropped_ = 0;
  std::deque<numbered> ordinary_;
  std::deque<numbered> precious_;
};

} // namespace bulwark
