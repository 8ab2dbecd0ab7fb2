#pragma once

#include <utility>

#include <unistd.h>

namespace bulwark::detail {

/// Owns a file descriptor and closes it.
///
/// Confined to one thread.
class descriptor {
public:
  descriptor() noexcept = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(other.release()) {}

  descriptor& operator=(descriptor&& other) noexcept {
    descriptor old{std::exchange(number_, other.release())};
    return *this;
  }

  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }

  explicit operator bool() const noexcept { return number_ >= 0; }

  /// Returns it, or -1.
  int get() const noexcept { return number_; }

  /// Leaves it to the caller.
  int release() noexcept { return std::exchange(number_, -1); }

private:
  int number_ = -1;
};

} // namespace bulwark::detail
