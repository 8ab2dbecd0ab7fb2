#pragma once

#include <bulwark/gate/gate_options.hpp>

#include <cstdint>

namespace bulwark {

/// How often replicas have ended that had taken up one message, which decides
/// whether it is tried again. `to_blame`: the replica ended on this message;
/// else for another reason.
///
/// Confined to whoever owns the message's entry.
class death_count {
public:
  /// Returns whether the message may be tried again after one more end.
  bool allows(bool to_blame, const gate_options& limits) const noexcept {
    if (to_blame)
      return on_it_ + 1 < limits.poison_limit;
    return beside_ < limits.bystander_limit;
  }

  /// Counts an end after which it is tried again.
  /// @pre `allows` has agreed
  void count(bool to_blame) noexcept { ++(to_blame ? on_it_ : beside_); }

  /// How often it was tried.
  uint32_t all() const noexcept { return on_it_ + beside_; }

private:
  uint32_t on_it_ = 0;
  uint32_t beside_ = 0;
};

} // namespace bulwark
