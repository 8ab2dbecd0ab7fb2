#pragma once

#include "partner/moods.hpp"
#include "partner/moody_door.hpp"
#include "partner/shipments.hpp"

#include <bulwark/http/server.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace test {

/// The storefront's partner behind a door with moods, in this process.
///
/// Confined to one thread.
class partner_rig {
public:
  explicit partner_rig(const std::string& moods) {
    auto inner = server_.listen("127.0.0.1", 0);
    server_.start();
    door_.emplace("127.0.0.1", 0, inner,
                  storefront::parse_moods(moods).value());
  }

  uint16_t port() const { return door_->port(); }

private:
  bulwark::http_server server_{{},
                               [](const bulwark::http_request& request,
                                  const bulwark::http_responder& respond) {
                                 respond(storefront::answer_partner(request));
                               }};
  std::optional<storefront::moody_door> door_;
};

} // namespace test
