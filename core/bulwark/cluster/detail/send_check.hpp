#pragma once

#include <bulwark/cluster/detail/frame_header.hpp>
#include <bulwark/cluster/wire_limits.hpp>

#include <cstddef>
#include <string_view>

namespace bulwark::detail {

/// What becomes of a frame that CAF wants to send.
enum class send_verdict {
  pass,

  /// It is between two other nodes: passed over, nobody waits for it.
  drop,

  /// A message for which there is no room: whoever sent it is told.
  full,

  /// A message that the other side would close the connection for.
  too_large,
  too_nested,

  /// A message by way of a third node, or from one.
  not_direct,

  /// There is no room even for what must come through: the connection is
  /// closed.
  hopeless,
};

/// Decides on a frame to a node. `waiting` bytes wait for that node; `peer` is
/// its id as CAF writes it, empty while it is unknown.
[[nodiscard]] send_verdict check_sending(const frame_header& what,
                                         std::string_view payload,
                                         size_t waiting,
                                         const wire_limits& limits,
                                         std::string_view peer) noexcept;

} // namespace bulwark::detail
