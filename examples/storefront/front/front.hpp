#pragma once

#include "front/route.hpp"

#include <bulwark/http/server.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>

#include <functional>
#include <map>
#include <string>

namespace storefront {

/// What the front needs to know of its node.
struct front_setup {
  std::map<std::string, caf::actor> gates;

  /// Whether the node is about to stop. Safe to call from any thread.
  std::function<bool()> draining;

  /// What `GET /health` answers, as JSON. Safe to call from any thread.
  std::function<std::string()> health;

  bool chaos = false;

  /// See `bulwark::http_hooks`. Empty: nobody is told.
  std::function<void(const std::string& fault)> report = {};
};

/// The storefront over HTTP: see `find_route` for its pages.
///
/// Confined to one thread.
class front {
public:
  explicit front(front_setup setup);

  /// @throws bulwark::listen_error
  uint16_t listen(const bulwark::host_port& where);

  void start(caf::actor_system& sys);

  /// From now on every answer closes its connection.
  void drain();

  /// Waits up to `grace` for the requests in flight.
  void stop(bulwark::duration grace);

private:
  void handle(const bulwark::http_request& request,
              const bulwark::http_responder& respond) const;

  /// Whether the front answers by itself, at once.
  bool is_page(const bulwark::http_request& request) const;
  bulwark::http_response answer_page(const route& asked) const;

  front_setup setup_;
  caf::actor bridge_;
  bulwark::http_server server_;
};

} // namespace storefront
