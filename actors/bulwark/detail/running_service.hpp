#pragma once

#include <bulwark/deadline_memory.hpp>

#include <caf/local_actor.hpp>

namespace bulwark::detail {

class gate_core;
class replica_seat;

/// Which replica runs in this thread, so that a request made by a handler
/// inherits the deadline of the request being handled.
///
/// Confined to one thread.
struct running_service {
  caf::local_actor* self;
  gate_core* core;
  deadline_memory* memory;
  const replica_seat* seat;

  /// It dies of an exception, of which the answer to the message being handled
  /// will tell next.
  bool crashing = false;
};

/// Returns the place where this thread's running service is noted; holds null
/// outside of a replica.
running_service*& this_service() noexcept;

/// Notes a running service for the time of a scope.
///
/// Confined to one thread.
class service_scope {
public:
  explicit service_scope(running_service& now) noexcept
    : before_(this_service()) {
    this_service() = &now;
  }

  ~service_scope() { this_service() = before_; }

  service_scope(const service_scope&) = delete;
  service_scope& operator=(const service_scope&) = delete;

private:
  running_service* before_;
};

} // namespace bulwark::detail
