#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/cluster/cluster.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/options/listen_error.hpp>

#include <caf/actor_system.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <utility>

namespace bulwark {

cluster::cluster(caf::actor_system& sys, cluster_options options) : sys_(sys) {
  auto listen = options.listen;
  auto advertise = options.advertise;
  link_ = sys_.spawn<detail::link>(std::move(options));
  if (!listen)
    return;
  constexpr bool reuse = true;
  auto port =
    sys_.middleman().publish(link_, listen->port, listen->host.c_str(), reuse);
  if (!port) {
    stop();
    throw listen_error{"cannot listen on " + to_string(*listen) + ": "
                       + describe(port.error())};
  }
  bound_ = host_port{listen->host, *port};
  advertised_ = advertise.value_or(*bound_);
  if (advertised_->port == 0)
    advertised_->port = *port;
}

void cluster::start() {
  caf::anon_send(link_, detail::link_start{advertised_});
}

void cluster::gate_made(const std::string& service, const gate& which) const {
  which.expect_peers();
  caf::anon_send(link_, detail::link_gate{service, which});
}

void cluster::drain() {
  caf::scoped_actor self{sys_};
  // The link gives its peers that long; it hears of this a little later.
  self->request(link_, 2 * notice_time, detail::link_drain{})
    .receive([] {}, [](const caf::error&) {});
}

bool cluster::stop() {
  caf::scoped_actor self{sys_};
  bulwark::stop(link_);
  self->wait_for(link_);
  auto answered = false;
  self
    ->request(sys_.middleman().actor_handle(), middleman_time, caf::get_atom_v,
              sys_.node())
    .receive([&](const caf::node_id&, const std::string&,
                 uint16_t) { answered = true; },
             [&](const caf::error& why) {
               answered = why != caf::sec::request_timeout;
             });
  return answered;
}

} // namespace bulwark
