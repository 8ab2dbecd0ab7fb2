#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/detail/element_chain.hpp>
#include <bulwark/calls/call_options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <type_traits>

namespace bulwark::detail {

/// What waits at a gate while no replica is up: what is critical before what
/// is not, and that before the background; within each, first what came back
/// from the mailbox of a dead replica, then what arrived since, in order. Only
/// the arrivals count towards the limits; the others were admitted before, and
/// there are never more of them than entries in the pending table.
///
/// What came back tells by its mailbox category whether it is critical; there,
/// background is like normal.
///
/// Confined to one thread; a gate guards it with the lock of its line.
class stash {
public:
  /// `stop`: neither this one nor any behind it.
  enum class choice : uint8_t { take, leave, stop };

  /// Refers to a function that outlives the call that it is given to:
  /// `choice(const element&, bool came_back)`. `came_back`: it did
  /// not arrive since.
  class filter {
  public:
    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, filter>) filter(F&& f)
    noexcept // NOLINT: as with `std::function`
      : object_(&f), call_(&call<std::remove_reference_t<F>>) {}

    choice operator()(const element& what, bool came_back) const {
      return call_(object_, what, came_back);
    }

  private:
    template <class F>
    static choice call(const void* f, const element& what, bool came_back) {
      return (*static_cast<F*>(const_cast<void*>(f)))(what, came_back);
    }

    const void* object_;
    choice (*call_)(const void*, const element&, bool);
  };

  stash(size_t messages_max, size_t bytes_max);

  bool empty() const noexcept { return size() == 0; }

  size_t size() const noexcept;

  /// Returns whether one more arrival of `bytes` is within both limits.
  bool fits(size_t bytes) const noexcept;

  /// Takes `what`, unless it throws.
  void arrive(element_ptr&& what, size_t bytes,
              call_priority rank = call_priority::normal);

  /// The last one that arrived with that rank; and takes it out again.
  /// @pre there is one
  element& last(call_priority rank) noexcept;
  element_ptr take_last(call_priority rank) noexcept;

  /// Puts `what` before everything else of its rank.
  void give_back(element_chain&& what) noexcept;

  /// Puts one before what arrived, behind what came back earlier.
  void come_back(element_ptr what) noexcept;

  /// Takes everything out, in order.
  element_chain take_all() noexcept;

  /// Takes out what `wanted` says, in order; asks for each in that order. What
  /// it throws for goes to `failed`, or stays where there is none.
  element_chain take_if(const filter& wanted,
                        element_chain* failed = nullptr) noexcept;

private:
  struct arrival {
    element_ptr what;
    size_t bytes;
  };

  struct level {
    element_chain returned;
    std::deque<arrival> arrived;
  };

  size_t arrivals() const noexcept;

  size_t messages_max_;
  size_t bytes_max_;
  size_t bytes_ = 0;

  /// In the order of `call_priority`.
  std::array<level, 3> levels_;
};

} // namespace bulwark::detail
