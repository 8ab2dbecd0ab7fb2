#pragma once

#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/admin/detail/admin_token.hpp>
#include <bulwark/admin/detail/control_means.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/http/server.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

namespace bulwark::detail {

/// Tells over HTTP how a node is doing, see `admin_page`, and takes changes,
/// see `control_order`: with a thread and limits of its own, so that it answers
/// while services do not, and they do not notice who asks. A change needs the
/// token, whatever its path.
///
/// A page takes an actor's answer or none; either way it is answered within
/// `patience`, if need be by 503.
///
/// Confined to one thread.
class admin_server {
public:
  explicit admin_server(duration patience = std::chrono::seconds{2});

  admin_server(const admin_server&) = delete;
  admin_server& operator=(const admin_server&) = delete;

  ~admin_server();

  /// Returns the port. What connects waits for `start`.
  /// @pre `is_loopback(where.host)`
  /// @throws listen_error
  uint16_t listen(const host_port& where);

  /// From now on takes changes that come with `token`. Without this call none.
  /// @pre `start` was not called before
  void accept_changes(admin_token token) { token_ = std::move(token); }

  /// @pre `listen` returned, `start` was not called before
  void start(caf::actor_system& sys, admin_sources sources, control_means means,
             emitter events);

  /// Answers nobody any more. Without effect when it was not started.
  void stop();

private:
  void handle(http_request request, const http_responder& respond) const;
  void tell_page(http_request request, const http_responder& respond) const;
  void take_change(const http_request& request,
                   const http_responder& respond) const;
  void end(caf::actor& who) const;

  duration patience_;
  admin_token token_;
  admin_sources sources_;
  control_means means_;
  emitter events_;
  caf::actor asker_;
  caf::actor control_;
  caf::actor streams_;
  http_server server_;
};

} // namespace bulwark::detail
