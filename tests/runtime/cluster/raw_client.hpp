#pragma once

#include <bulwark/cluster/detail/frame_header.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <cstdint>
#include <string>

namespace test {

/// A client that writes what it likes to a node's port.
///
/// Confined to one thread.
class raw_client {
public:
  /// Connects to that port of loopback. Fails the test if it cannot.
  explicit raw_client(uint16_t port);

  void send(const std::string& bytes);

  /// Sends a frame whose header announces as much as `payload` has.
  void send(bulwark::detail::frame_header head, const std::string& payload);

  /// Returns what comes, until there are that many bytes; less at the end of
  /// the connection. Fails the test after a while.
  std::string receive(size_t count);

  /// Whether the other side has closed, or closes within a while. What came
  /// before is thrown away.
  bool closed();

private:
  bulwark::detail::descriptor socket_;
};

/// A listener that speaks first to who dials it, and means harm.
///
/// Confined to one thread.
class raw_listener {
public:
  raw_listener();

  uint16_t port() const { return port_; }

  /// Waits for a connection, and sends that.
  void greet(const std::string& bytes);

private:
  bulwark::detail::descriptor listener_;
  bulwark::detail::descriptor last_;
  uint16_t port_ = 0;
};

/// Returns the bytes of a frame.
std::string frame(bulwark::detail::frame_header head,
                  const std::string& payload = {});

/// Returns the id of a node, as CAF writes it, that nobody else has.
std::string node_id(char name);

} // namespace test
