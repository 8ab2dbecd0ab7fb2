#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Writes lines to a file descriptor in pieces that a pipe takes as a whole,
/// so that lines of several processes on one pipe do not mix. Waits while
/// nobody reads, until it is told to hurry.
///
/// Confined to one thread, but for `hurry`.
class line_writer {
public:
  explicit line_writer(int descriptor) : descriptor_(descriptor) {}

  /// Adds a line and its end; passes earlier ones on when the piece is full.
  /// `stands_for`: how many lines are lost when this one is.
  void add(std::string_view line, size_t stands_for = 1);

  /// Passes on what was added.
  void flush();

  /// Returns how many lines could not be written since the last call.
  size_t take_lost() noexcept;

  /// From now on, give up what cannot be written within `patience` in all.
  /// Safe to call from any thread.
  void hurry(duration patience) noexcept;

private:
  bool write(std::string_view data);
  bool wait_until_writable() const;

  int descriptor_;
  std::string waiting_;
  size_t lines_ = 0; // For how many lines `waiting_` stands.
  size_t lost_ = 0;
  std::atomic<duration::rep> give_up_at_{duration::max().count()};
};

} // namespace bulwark::detail
