#include <bulwark/caf/stop.hpp>
#include <bulwark/cluster/cluster.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/cluster/detail/member_board.hpp>
#include <bulwark/cluster/detail/role_actor.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/options/listen_error.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

/// With a thread of its own, because a voter waits for its disk.
caf::actor spawn_roles(caf::actor_system& sys, const cluster_options& options) {
  detail::role_settings result;
  result.node = options.node;
  result.boot = options.boot;
  result.voters = options.voters;
  result.times = lease_times::of(options.lease);
  result.file = options.promises;
  result.roles = options.roles;
  result.events = options.events;
  result.seed = options.seed;
  return sys.spawn<detail::role_actor, caf::detached + caf::hidden>(
    std::move(result));
}

std::shared_ptr<detail::certificate_keeper>
certificates_of(const cluster_options& options) {
  return options.tls.given() ? std::make_shared<detail::certificate_keeper>(
           options.tls, options.node, options.events)
                             : nullptr;
}

} // namespace

cluster::cluster(caf::actor_system& sys, cluster_options options)
  : sys_(sys),
    wire_(detail::wire::make(sys, {.node = options.node,
                                   .limits = options.limits,
                                   .noticing = options.noticing,
                                   .events = options.events,
                                   .letters = options.letters,
                                   .certificates = certificates_of(options),
                                   .faults = options.faults})),
    board_(std::make_shared<detail::member_board>()) {
  std::sort(options.voters.begin(), options.voters.end());
  roles_ = spawn_roles(sys_, options);
  auto listen = options.listen;
  auto advertise = options.advertise;
  link_ = sys_.spawn<detail::link>(std::move(options), wire_, roles_, board_);
  if (!listen)
    return;
  uint16_t port = 0;
  try {
    port =
      wire_->listen(*listen, caf::actor_cast<caf::strong_actor_ptr>(link_));
  } catch (const listen_error&) {
    stop();
    throw;
  }
  bound_ = host_port{listen->host, port};
  advertised_ = advertise.value_or(*bound_);
  if (advertised_->port == 0)
    advertised_->port = port;
}

void cluster::start() {
  caf::anon_send(link_, detail::link_start{advertised_});
  caf::anon_send(roles_, detail::role_start{});
}

void cluster::gate_made(const std::string& service, const gate& which) const {
  which.expect_peers();
  caf::anon_send(link_, detail::link_gate{service, which});
}

void cluster::breaker_made(const std::string& service,
                           std::shared_ptr<service_breaker> which) const {
  caf::anon_send(link_, detail::link_breaker{service, std::move(which)});
}

void cluster::tell_breakers(const std::string& service,
                            const breaker_knowledge& news) const {
  caf::anon_send(link_, detail::link_breaker_news{service, news});
}

void cluster::move(const std::string& service, bool here) const {
  caf::anon_send(link_, detail::link_offer{service, here});
}

std::vector<cluster_member> cluster::members() const {
  return board_->read();
}

void cluster::drain() {
  caf::scoped_actor self{sys_};
  // The link gives its peers that long; it hears of this a little later.
  self->request(link_, 2 * notice_time, detail::link_drain{})
    .receive([] {}, [](const caf::error&) {});
}

void cluster::stop() {
  caf::scoped_actor self{sys_};
  // First, so that it can still give back its roles.
  bulwark::stop(roles_);
  self->wait_for(roles_);
  bulwark::stop(link_);
  self->wait_for(link_);
  wire_->stop();
}

} // namespace bulwark
