#include "cluster/bare_caf.hpp"

#include "support/load.hpp"

#include <bulwark/node/detail/system_config.hpp>

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>
#include <caf/send.hpp>

#include <stdexcept>

namespace bench {

/// As that of a node: CAF's network is the same, and so are its threads.
struct bare_caf::config : bulwark::detail::system_config {
  explicit config(const bulwark::tls_options& tls) {
    if (!tls.given())
      return;
    load<caf::openssl::manager>();
    openssl_certificate = tls.certificate;
    openssl_key = tls.key;
    openssl_cafile = tls.authority;
  }
};

bare_caf::bare_caf(const bulwark::tls_options& tls)
  : server_config_(std::make_unique<config>(tls)),
    client_config_(std::make_unique<config>(tls)),
    server_(std::make_unique<caf::actor_system>(*server_config_)),
    client_(std::make_unique<caf::actor_system>(*client_config_)),
    near_(server_->spawn(echo)) {
  const char* const here = "127.0.0.1";
  auto port = tls.given() ? caf::openssl::publish(near_, 0, here)
                          : server_->middleman().publish(near_, 0, here);
  if (!port)
    throw std::runtime_error{"CAF cannot listen"};
  auto found = tls.given() ? caf::openssl::remote_actor(*client_, here, *port)
                           : client_->middleman().remote_actor(here, *port);
  if (!found)
    throw std::runtime_error{"CAF cannot connect"};
  far_ = *found;
}

bare_caf::~bare_caf() {
  caf::anon_send_exit(near_, caf::exit_reason::kill);
  near_ = far_ = nullptr;
  client_.reset();
  server_.reset();
}

} // namespace bench
