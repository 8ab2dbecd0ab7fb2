#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/time/time.hpp>

namespace bulwark::detail {

/// Returns the deadline of `what`, or the earlier one of the request during
/// which it is made in this thread.
time_point inherited_deadline(const element& what, time_point deadline);

} // namespace bulwark::detail
