#pragma once

#include <bulwark/options/host_port.hpp>
#include <bulwark/process/detail/descriptor.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Connections of TCP that never block.

namespace bulwark::detail {

/// What came of reading or writing.
struct transfer {
  enum class kind { done, again, closed, failed };

  kind what = kind::again;
  size_t bytes = 0;

  /// If it failed: the number of the error.
  int error = 0;
};

transfer receive_some(int fd, std::span<char> into) noexcept;

transfer send_some(int fd, std::string_view bytes) noexcept;

/// Returns how long ago the last byte arrived, whether or not it was read.
duration silence_of(int fd) noexcept;

/// Listens there; port 0 lets the system choose.
/// @throws listen_error
descriptor listen_at(const host_port& where);

/// Returns the port that a socket is bound to, or 0.
uint16_t port_of(int fd) noexcept;

/// Returns the numeric address of the other side; an empty host if it is gone.
host_port remote_of(int fd);

} // namespace bulwark::detail
