#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/time/time.hpp>

namespace bulwark::detail {

/// What a request has of the one during which it is made in this thread.
struct inheritance {
  time_point deadline = time_point::max();

  /// That one is a later attempt of its call.
  bool within_retry = false;
};

inheritance inherit(const element& what);

} // namespace bulwark::detail
