#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/events/emitter.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <string>

namespace bulwark {

namespace detail {
class bulkhead_core;
} // namespace detail

/// A running bulkhead: a named compartment with a bounded number of permits.
///
/// Services are assigned to one by `gate_settings::bulkhead`: then a request
/// holds a permit from when a replica gets it until the work comes back, also
/// when its client died or its deadline passed meanwhile. Any actor may
/// acquire permits by request from `handle()`, see bulkhead_requests.hpp.
///
/// Nobody but its node can end it.
///
/// Safe to call from any thread. Copies refer to the same bulkhead.
class bulkhead {
public:
  bulkhead() noexcept = default;

  /// Starts one.
  /// @throws std::invalid_argument what `validate` says of name and options
  bulkhead(caf::actor_system& sys, const std::string& name,
           const bulkhead_options& options, emitter events = {});

  explicit operator bool() const noexcept { return core_ != nullptr; }

  const std::string& name() const noexcept;

  const caf::actor& handle() const noexcept { return handle_; }

  /// What gates and pools share.
  const std::shared_ptr<detail::bulkhead_core>& core() const noexcept {
    return core_;
  }

  /// Ends its actor: who waits is turned away. To be called when everything
  /// that uses it has ended.
  void stop() const;

private:
  caf::actor handle_;
  std::shared_ptr<detail::bulkhead_core> core_;
};

} // namespace bulwark
