#pragma once

#include <bulwark/supervision/detail/step.hpp>

#include <caf/message.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <vector>

namespace bulwark::detail {

/// What `start_instances` has asked for and is not answered yet.
///
/// Confined to one actor.
struct instance_batch {
  /// Children that are being started at the same time. A queue of CAF's is
  /// searched from its head by who steals from it, so that many more would
  /// cost more each.
  static constexpr size_t starting_max = 256;

  /// Not begun yet.
  size_t left = 0;

  /// Begun, and neither up nor failed.
  size_t starting = 0;

  /// Somebody below on the call stack starts the rest.
  bool busy = false;

  caf::message arguments;
  std::vector<child_key> begun;
  caf::response_promise asked;

  bool may_start() const noexcept {
    return left > 0 && starting < starting_max;
  }
};

} // namespace bulwark::detail
