#pragma once

#include <bulwark/caf/detail/readable_type.hpp>
#include <bulwark/supervision/failure_rule.hpp>

#include <typeinfo>

namespace bulwark {

/// Returns the rule that a replica survives it when a handler throws an `E`:
/// that message alone fails, see `failure_directive::resume`.
///
///     child.on_failure = {bulwark::resume_on<std::invalid_argument>()};
///
/// Fits what was thrown as an `E`, not what derives from it: another type may
/// mean that the state is broken.
template <class E>
failure_rule resume_on() {
  return {detail::readable(typeid(E)), failure_directive::resume};
}

} // namespace bulwark
