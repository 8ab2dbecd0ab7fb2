#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// Where to listen or to connect to.
///
/// Immutable after construction.
struct host_port {
  /// A name or an address; an IPv6 address without its brackets.
  std::string host;

  /// To listen on, 0 is a port that the system chooses.
  uint16_t port = 0;

  friend bool operator==(const host_port&, const host_port&) = default;
};

/// Reads `HOST:PORT` or `[IPV6]:PORT`.
[[nodiscard]] std::optional<host_port> parse_host_port(std::string_view text);

/// Returns whether it is `0.0.0.0` or `::`: to listen on all addresses of a
/// machine, and nothing that another one can dial.
[[nodiscard]] bool is_any_address(const host_port& value);

/// Returns whether `host` is of this machine alone: `localhost`, 127.0.0.0/8 in
/// four numbers, or `::1` without brackets. No name is looked up.
[[nodiscard]] bool is_loopback(std::string_view host);

/// Returns `value` as `parse_host_port` reads it.
std::string to_string(const host_port& value);

} // namespace bulwark
