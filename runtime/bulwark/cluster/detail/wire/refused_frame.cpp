#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/cluster/detail/wire/refused_frame.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/make_message.hpp>

#include <span>
#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

/// Reads the route of an answer, which a message begins with.
route_back route_of(const wire& hub, const frame_header& head,
                    std::string_view payload) {
  route_back result;
  if (!head.is(frame_kind::direct))
    return result;
  caf::binary_deserializer source{&hub.loop(), payload.data(), payload.size()};
  if (auto err = source(result))
    result.clear();
  return result;
}

} // namespace

void refuse_frame(const wire& hub, const frame_header& head,
                  std::string_view payload, const std::string& reason) {
  routing_id id{head.data};
  auto from =
    head.source == 0 ? nullptr : hub.system().registry().get(head.source);
  if (is_request(id)) {
    reply_address to{from, id, route_of(hub, head, payload)};
    if (to.somewhere())
      pass_answer(
        make_element(nullptr, id, make_error(errc::unreachable, reason)),
        std::move(to), nullptr, &hub.loop());
    return;
  }
  lost_message lost;
  lost.service = "";
  lost.sender = std::move(from);
  lost.reason = reason;
  lost.repeatable = false;
  hub.letters().put(std::move(lost));
}

std::string instead_of_answer(const wire& hub, frame_header head,
                              std::string_view payload,
                              const std::string& reason) {
  routing_id id{head.data};
  if (!head.is(frame_kind::direct) || !is_response(id))
    return {};
  std::vector<char> bytes(frame_header::size);
  caf::binary_serializer sink{&hub.loop(), bytes};
  sink.seek(bytes.size());
  auto route = route_of(hub, head, payload);
  if (auto err =
        sink(route, caf::make_message(make_error(errc::unreachable, reason))))
    return {};
  head.data = as_urgent(id).integer_value();
  head.payload = static_cast<uint32_t>(bytes.size() - frame_header::size);
  write_header(head, std::span{bytes}.first<frame_header::size>());
  return {bytes.begin(), bytes.end()};
}

} // namespace bulwark::detail
