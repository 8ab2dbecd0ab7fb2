#include <bulwark/cluster/detail/frame_check.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

using verdict = frame_verdict::kind;

constexpr frame_verdict take{verdict::take, ""};
constexpr frame_verdict skip{verdict::skip, ""};

constexpr frame_verdict refuse(const char* reason) {
  return {verdict::refuse, reason};
}

// An id is its kind (8 bytes), the process (4) and the host (20).
constexpr size_t kind_size = 8;
constexpr size_t process_size = 4;

// What begins the first record of TLS.
constexpr uint8_t tls_handshake = 0x16;

bool all_zero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

frame_verdict message(const frame_header& what) noexcept {
  if (what.category() > 1)
    return refuse("it sent a message of a stream");
  if (what.flags == frame_header::named_receiver)
    return skip;
  if (what.flags != 0)
    return refuse("it sent a message with unknown flags");
  if (what.target == 0 || what.payload == 0)
    return refuse("it sent a message that is empty or for nobody");
  return take;
}

frame_verdict notice(const frame_header& what) noexcept {
  auto down = what.is(frame_kind::down);
  auto right = down ? what.source != 0 && what.target == 0 : what.source == 0;
  if (!right || what.data != 0 || what.flags != 0
      || what.payload < 2 * node_id_size)
    return refuse("it sent a notice that no node sends");
  return take;
}

frame_verdict heartbeat(const frame_header& what) noexcept {
  if (what != frame_header{.kind = what.kind})
    return refuse("it sent a heartbeat that is not empty");
  return take;
}

} // namespace

bool begins_with_node_id(std::string_view bytes,
                         std::string_view own) noexcept {
  if (bytes.size() < node_id_size
      || bytes.substr(0, kind_size) != own.substr(0, kind_size))
    return false;
  auto process = bytes.substr(kind_size, process_size);
  auto host = bytes.substr(kind_size + process_size,
                           node_id_size - kind_size - process_size);
  return !all_zero(process) && !all_zero(host);
}

frame_check::frame_check(wire_side side, std::string own_node,
                         wire_limits limits)
  : side_(side), own_(std::move(own_node)), limits_(limits) {}

frame_verdict frame_check::header(const frame_header& what) const noexcept {
  if (what.kind == tls_handshake && !shaken())
    return refuse("it speaks TLS, and this node does not");
  if (what.unused != 0 || what.kind >= frame_kinds)
    return refuse("it does not speak CAF's protocol");
  if (!shaken())
    return first(what);
  if (what.payload > limits_.payload_max)
    return refuse("it announced more bytes than a message may have");
  switch (static_cast<frame_kind>(what.kind)) {
  case frame_kind::server_hello:
  case frame_kind::client_hello:
    return hello(what);
  case frame_kind::direct:
    return message(what);
  case frame_kind::routed:
    return skip;
  case frame_kind::monitor:
  case frame_kind::down:
    return notice(what);
  case frame_kind::heartbeat:
    return heartbeat(what);
  }
  return refuse("it does not speak CAF's protocol");
}

frame_verdict frame_check::first(const frame_header& what) const noexcept {
  auto server = what.is(frame_kind::server_hello);
  auto client = what.is(frame_kind::client_hello);
  if (!server && !client)
    return refuse("it sent something before a handshake");
  if (what.payload > limits_.hello_max)
    return refuse("it announced more bytes than a handshake may have");
  if (server && what.data != frame_header::version)
    return refuse("it speaks another version of CAF's protocol");
  return hello(what);
}

frame_verdict frame_check::hello(const frame_header& what) const noexcept {
  auto server = what.is(frame_kind::server_hello);
  if (server != (side_ == wire_side::dialled))
    return refuse("it sent the handshake of the other side");
  if (hellos_ >= (server ? 1 : hellos_max))
    return refuse("it sent too many handshakes");
  if (what.payload < node_id_size || (!server && what.payload != node_id_size))
    return refuse("it sent a handshake of a wrong size");
  auto flags = server ? 0 : frame_header::select_connection;
  if ((what.flags | flags) != flags || what.source != 0 || what.target != 0
      || (!server && what.data != 0))
    return refuse("it sent a handshake that no node sends");
  return take;
}

frame_verdict frame_check::payload(const frame_header& what,
                                   std::string_view bytes) {
  switch (static_cast<frame_kind>(what.kind)) {
  case frame_kind::server_hello:
  case frame_kind::client_hello:
    return meet(what, bytes);
  case frame_kind::monitor:
  case frame_kind::down:
    return between_us(bytes) ? take : skip;
  default:
    return too_nested(bytes)
             ? refuse("it sent too many messages within a message")
             : take;
  }
}

frame_verdict frame_check::meet(const frame_header& what,
                                std::string_view bytes) {
  if (!begins_with_node_id(bytes, own_))
    return refuse("its handshake names no node");
  auto node = bytes.substr(0, node_id_size);
  // CAF ends a connection of a node to itself when it has dialled it.
  if (node == own_ && what.is(frame_kind::client_hello))
    return refuse("it is this node itself");
  if (shaken() && node != peer_)
    return refuse("its second handshake names another node");
  ++hellos_;
  peer_ = node;
  return take;
}

bool frame_check::between_us(std::string_view bytes) const noexcept {
  return bytes.substr(0, node_id_size) == peer_
         && bytes.substr(node_id_size, node_id_size) == own_;
}

bool too_nested(std::string_view payload) noexcept {
  // A message within another one begins with this, and the type's name.
  constexpr std::string_view begin = "@<>";
  constexpr size_t nested_max = 1000;
  if (payload.size() < nested_max * begin.size())
    return false;
  size_t count = 0;
  for (auto at = payload.find(begin); at != std::string_view::npos;
       at = payload.find(begin, at + begin.size()))
    if (++count > nested_max)
      return true;
  return false;
}

} // namespace bulwark::detail
