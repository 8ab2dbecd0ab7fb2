#pragma once

#include <bulwark/cluster/detail/frame_header.hpp>
#include <bulwark/cluster/wire_limits.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Which side of a connection this node is on.
enum class wire_side { dialled, accepted };

/// What becomes of a frame.
struct frame_verdict {
  enum class kind {
    /// CAF may read it.
    take,
    /// CAF must not read it, but an honest node may send it: it is passed over.
    skip,
    /// No honest node sends it: the connection is closed.
    refuse,
  };

  kind what = kind::take;

  /// Of a frame that is refused: for a person.
  const char* reason = "";
};

/// How CAF writes the id of a node: what kind of id it is, the process, the
/// host. This many bytes.
constexpr size_t node_id_size = 32;

/// Returns whether `bytes` begin with the id of a node, of the kind of `own`.
bool begins_with_node_id(std::string_view bytes, std::string_view own) noexcept;

/// Decides what may come over one connection. CAF 0.17 trusts its peers: a
/// handshake without payload, or a message of a stream, ends the process that
/// reads it, and it allocates what a header announces.
///
/// - Nothing comes before a handshake: of the side that it belongs to, small,
///   and of another node.
/// - A handshake is not taken back: later ones name the same node.
/// - Messages are for an actor's number. What is for a name reaches CAF's own
///   servers, which start actors and hand out handles; it is passed over, since
///   each CAF sends one such message by itself.
/// - Only what the two nodes have with each other counts. What is from or for
///   a third one is passed over: CAF routes over others on its own account.
/// - Messages within messages are few: CAF reads them by recursion.
///
/// Confined to one thread.
class frame_check {
public:
  /// @pre `own_node` has `node_id_size` bytes
  frame_check(wire_side side, std::string own_node, wire_limits limits);

  /// Looks at a header, before its payload has come.
  frame_verdict header(const frame_header& what) const noexcept;

  /// Looks at the payload of a frame whose header may be taken.
  frame_verdict payload(const frame_header& what, std::string_view bytes);

  /// Whether the other side has said who it is.
  bool shaken() const noexcept { return hellos_ > 0; }

  /// Its node, as CAF writes the id; empty before.
  const std::string& peer() const noexcept { return peer_; }

  /// As many handshakes a client sends at most: one at once, and one to choose
  /// this connection.
  static constexpr unsigned hellos_max = 2;

private:
  frame_verdict first(const frame_header& what) const noexcept;
  frame_verdict hello(const frame_header& what) const noexcept;
  frame_verdict meet(const frame_header& what, std::string_view bytes);
  bool between_us(std::string_view bytes) const noexcept;

  wire_side side_;
  std::string own_;
  wire_limits limits_;
  unsigned hellos_ = 0;
  std::string peer_;
};

/// Returns whether `payload` may hold messages within messages, one in the
/// other, so deep that reading them needs too much stack.
bool too_nested(std::string_view payload) noexcept;

} // namespace bulwark::detail
