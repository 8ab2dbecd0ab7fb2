#pragma once

#include <bulwark/supervision/restart_options.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// How a child ended, as far as a restart is concerned.
enum class exit_class : uint8_t {
  /// It had nothing left to do.
  normal,
  /// It was asked to stop.
  shutdown,
  /// An exception, an error, a start that did not succeed.
  abnormal,
  /// Somebody ended it from outside.
  killed,
};

/// Returns whether a child of type `type` is started again after it ended
/// like `how`:
///
///     type       normal  shutdown  abnormal  killed
///     permanent  yes     yes       yes       yes
///     transient  no      no        yes       yes
///     temporary  no      no        no        no
[[nodiscard]] bool must_restart(restart_type type, exit_class how);

std::string to_string(exit_class how);

std::string to_string(restart_type type);

} // namespace bulwark
