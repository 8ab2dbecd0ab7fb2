#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace bulwark::detail {

/// The kinds of frames that nodes send each other.
enum class frame_kind : uint8_t {
  /// By whom the connection was accepted: its node, its program, an actor.
  server_hello,
  /// By whom it was dialled: its node.
  client_hello,
  /// A message from an actor of the sender to one of the receiver.
  direct,
  /// A message from or for an actor of a third node.
  routed,
  /// The sender wants to hear of the end of one of the receiver's actors.
  monitor,
  /// One of the sender's actors ended.
  down,
  heartbeat,
};

constexpr uint8_t frame_kinds = 7;

/// What begins a frame: CAF 0.17's protocol between nodes, version 3 of BASP.
/// Numbers are sent with their highest byte first.
///
/// Immutable after construction.
struct frame_header {
  static constexpr size_t size = 32;

  /// The receiver is named by an atom, not by a number.
  static constexpr uint8_t named_receiver = 1;

  /// In a `client_hello`: use this connection of several.
  static constexpr uint8_t select_connection = 2;

  /// What `data` of a `server_hello` holds.
  static constexpr uint64_t version = 3;

  /// A `frame_kind`, if it is below `frame_kinds`.
  uint8_t kind = 0;

  /// Two bytes that nobody uses.
  uint16_t unused = 0;
  uint8_t flags = 0;

  /// How many bytes follow.
  uint32_t payload = 0;

  /// Of a message its id.
  uint64_t data = 0;

  /// Numbers of actors.
  uint64_t source = 0;
  uint64_t target = 0;

  bool is(frame_kind what) const noexcept {
    return kind == static_cast<uint8_t>(what);
  }

  /// Of a message: 0 urgent, 1 normal, 2 and 3 of a stream.
  unsigned category() const noexcept {
    return static_cast<unsigned>(data >> 60) & 3;
  }

  friend bool operator==(const frame_header&, const frame_header&) = default;
};

using header_bytes = std::span<const char, frame_header::size>;

frame_header read_header(header_bytes from) noexcept;

void write_header(const frame_header& what,
                  std::span<char, frame_header::size> to) noexcept;

} // namespace bulwark::detail
