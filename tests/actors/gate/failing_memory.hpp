#pragma once

namespace test {

/// Which allocations of this thread fail while one lives: the `first` one and,
/// if `all`, all that follow. Allocations are counted from 1.
///
/// Replaces the allocator of the program that it is linked into.
///
/// Confined to one thread; there is one at a time.
class failing_memory {
public:
  explicit failing_memory(int first, bool all = false) noexcept;
  ~failing_memory();

  failing_memory(const failing_memory&) = delete;
  failing_memory& operator=(const failing_memory&) = delete;

  /// Of the last one that lived in this thread: how many allocations were
  /// counted, and whether any has failed.
  static int counted() noexcept;
  static bool failed() noexcept;
};

} // namespace test
