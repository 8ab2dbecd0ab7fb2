#pragma once

#include <bulwark/detail/element_chain.hpp>

#include <cstddef>
#include <deque>
#include <functional>

namespace bulwark::detail {

/// What waits at a gate while no replica is up, in order: first what came
/// back from the mailbox of a dead replica, then what arrived since. Only the
/// arrivals count towards the limits; the others were admitted before, and
/// there are never more of them than entries in the pending table.
///
/// Confined to one thread; the gate's core guards it with its lock.
class stash {
public:
  stash(size_t messages_max, size_t bytes_max);

  bool empty() const noexcept { return returned_.empty() && arrived_.empty(); }

  size_t size() const noexcept { return returned_.size() + arrived_.size(); }

  /// Returns whether one more arrival of `bytes` is within both limits.
  bool fits(size_t bytes) const noexcept;

  void arrive(caf::mailbox_element_ptr what, size_t bytes);

  /// Puts `what` before everything else.
  void give_back(element_chain&& what) noexcept;

  /// Takes everything out, in order.
  element_chain take_all() noexcept;

  /// Takes out what `wanted` says, in order.
  element_chain
  take_if(const std::function<bool(const caf::mailbox_element&)>& wanted);

private:
  struct arrival {
    caf::mailbox_element_ptr what;
    size_t bytes;
  };

  size_t messages_max_;
  size_t bytes_max_;
  size_t bytes_ = 0;
  element_chain returned_;
  std::deque<arrival> arrived_;
};

} // namespace bulwark::detail
