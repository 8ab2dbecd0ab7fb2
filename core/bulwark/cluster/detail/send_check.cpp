#include <bulwark/cluster/detail/frame_check.hpp>
#include <bulwark/cluster/detail/send_check.hpp>

namespace bulwark::detail {

namespace {

/// For what is no message, and for urgent ones.
bool fits_reserve(size_t bytes, size_t waiting, const wire_limits& limits) {
  return waiting + bytes <= limits.waiting_max + limits.reserve;
}

send_verdict message(const frame_header& what, std::string_view payload,
                     size_t waiting, const wire_limits& limits) {
  auto bytes = frame_header::size + payload.size();
  if (payload.size() > limits.payload_max)
    return send_verdict::too_large;
  if (too_nested(payload))
    return send_verdict::too_nested;
  auto urgent = what.category() == 0;
  auto fits = urgent ? fits_reserve(bytes, waiting, limits)
                     : waiting + bytes <= limits.waiting_max;
  return fits ? send_verdict::pass : send_verdict::full;
}

} // namespace

send_verdict check_sending(const frame_header& what, std::string_view payload,
                           size_t waiting, const wire_limits& limits,
                           std::string_view peer) noexcept {
  if (what.is(frame_kind::routed))
    return send_verdict::not_direct;
  if (what.is(frame_kind::direct))
    return message(what, payload, waiting, limits);
  auto notice = what.is(frame_kind::monitor) || what.is(frame_kind::down);
  if (notice && payload.size() >= 2 * node_id_size
      && payload.substr(node_id_size, node_id_size) != peer)
    return send_verdict::drop;
  return fits_reserve(frame_header::size + payload.size(), waiting, limits)
           ? send_verdict::pass
           : send_verdict::hopeless;
}

} // namespace bulwark::detail
