#pragma once

#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>

namespace bulwark {

/// What a connection to another node may hold and take, and for how long.
///
/// Immutable after construction.
struct wire_limits {
  /// Most bytes of a frame after its header, in either direction.
  size_t payload_max = size_t{16} * 1024 * 1024 - 32;

  /// The same while the other side has not said who it is.
  size_t hello_max = 4096;

  /// So many bytes may wait for a node that does not read. Further messages
  /// are refused; urgent ones and what is no message may use `reserve` beside
  /// it. What does not fit there closes the connection.
  size_t waiting_max = size_t{16} * 1024 * 1024;
  size_t reserve = size_t{1024} * 1024;

  /// A connection over which nothing could be sent for so long, though bytes
  /// wait, is closed.
  duration stall = std::chrono::seconds{10};

  /// So is one whose other side has not said who it is by then.
  duration handshake = std::chrono::seconds{20};

  /// Most connections whose other side has not said who it is. One more
  /// closes the oldest of them.
  size_t strangers_max = 512;
};

} // namespace bulwark
