#pragma once

#include <bulwark/options/tls_options.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <memory>

namespace bench {

/// Two programs of CAF alone in this process: an actor of one, and its handle
/// in the other one, over CAF's own network.
///
/// Confined to one thread.
class bare_caf {
public:
  /// With CAF's own TLS, if files are given.
  explicit bare_caf(const bulwark::tls_options& tls);
  ~bare_caf();

  bare_caf(const bare_caf&) = delete;
  bare_caf& operator=(const bare_caf&) = delete;

  caf::actor_system& client() { return *client_; }
  const caf::actor& handle() const { return far_; }

private:
  struct config;

  std::unique_ptr<config> server_config_;
  std::unique_ptr<config> client_config_;
  std::unique_ptr<caf::actor_system> server_;
  std::unique_ptr<caf::actor_system> client_;
  caf::actor near_;
  caf::actor far_;
};

} // namespace bench
