#pragma once

#include <bulwark/time/time.hpp>

#include <utility>

namespace bulwark::detail {

/// What the calls have to keep to that are made on a thread while it works on
/// another call: they end with it at the latest, and have one attempt where
/// that is a later one itself.
///
/// Confined to one thread.
struct call_chain {
  time_point deadline = time_point::max();
  bool within_retry = false;

  /// The thread works on another call.
  bool nested = false;

  /// That of this thread.
  static call_chain& here() noexcept;
};

/// Makes a chain hold on this thread until the end of a scope.
class chain_scope {
public:
  explicit chain_scope(const call_chain& within) noexcept
    : before_(std::exchange(call_chain::here(), within)) {}
  ~chain_scope() { call_chain::here() = before_; }
  chain_scope(const chain_scope&) = delete;
  chain_scope& operator=(const chain_scope&) = delete;

private:
  call_chain before_;
};

} // namespace bulwark::detail
