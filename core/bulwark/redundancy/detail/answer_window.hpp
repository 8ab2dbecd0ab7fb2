#pragma once

#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// How a replica answered within the last `length`, in tenths of it: the oldest
/// tenth is forgotten as a whole.
///
/// Confined to one thread.
class answer_window {
public:
  static constexpr size_t steps = 10;

  struct totals {
    uint64_t values = 0;
    uint64_t errors = 0;

    /// All values together took.
    duration took{};

    uint64_t answers() const noexcept { return values + errors; }

    /// @pre values > 0
    duration mean() const noexcept {
      return took / static_cast<int64_t>(values);
    }
  };

  /// @pre length >= 10 ns
  explicit answer_window(duration length) noexcept : step_(length / steps) {}

  void value(duration took, time_point now) noexcept;
  void error(time_point now) noexcept;

  /// Time does not go back. @return what the window holds
  const totals& read(time_point now) noexcept;

  void clear() noexcept;

private:
  totals& move_to(time_point now) noexcept;

  duration step_;
  int64_t newest_ = 0;
  std::array<totals, steps> parts_{};
  totals all_;
};

} // namespace bulwark
