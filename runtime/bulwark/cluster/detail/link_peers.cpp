#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/cluster/detail/role_protocol.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/severity_rules.hpp>

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

#include <utility>

namespace bulwark::detail {

hello link::own_hello() {
  hello result;
  result.newest = options_.newest_protocol.value_or(hello::protocol_now);
  result.cluster = options_.name;
  result.node = options_.node;
  result.boot = options_.boot;
  if (address_)
    result.address = to_string(*address_);
  result.link = handle_of(*this);
  result.monitor = caf::actor_cast<caf::strong_actor_ptr>(options_.monitor);
  if (roles_)
    result.roles = caf::actor_cast<caf::strong_actor_ptr>(roles_);
  result.voters = options_.voters;
  result.lease = options_.lease;
  for (const auto& [service, offered] : options_.offers)
    result.offers.push_back(
      {service, caf::actor_cast<caf::strong_actor_ptr>(offered.handle()),
       options_.singletons.count(service) == 0 || taken_.count(service) != 0});
  for (const auto& [node, known] : peers_)
    if (!known.address.empty())
      result.addresses.push_back(known.address);
  return result;
}

caf::result<hello> link::on_hello(const hello& greeting) {
  if (!started_)
    return make_error(errc::unreachable, "this node is not ready yet");
  if (draining_)
    return make_error(errc::draining, "this node is about to stop");
  if (!current_sender())
    return make_error(errc::invalid_option, "a greeting of nobody");
  // Before the promise takes the sender.
  auto speaker = current_sender()->node();
  auto answer = make_response_promise<hello>();
  decide(greeting, speaker,
         [=, this](const auto& refusal, const hello& whom) mutable {
           if (!refusal) {
             answer.deliver(own_hello());
             return;
           }
           tell_refused(whom.node, *refusal);
           answer.deliver(
             make_error(errc::invalid_option, options_.node + " refuses "
                                                + whom.node + ": " + *refusal));
         });
  return answer;
}

/// It may be gone without a word, or be the same one, restarted: then the name
/// is free.
void link::decide(const hello& greeting, const caf::node_id& speaker,
                  decided then) {
  if (auto reason = forged(greeting, speaker))
    return then(reason, greeting);
  auto known = peers_.find(greeting.node);
  auto other = known != peers_.end() && known->second.boot != greeting.boot;
  if (!other || complaint(greeting, own_hello()))
    return then(adopt(greeting), greeting);
  peer_notice doubt;
  doubt.what = peer_notice::kind::doubted;
  doubt.reason = "another node says that it is " + greeting.node;
  request(caf::actor_cast<caf::actor>(known->second.link), cluster::notice_time,
          doubt)
    .then([=, this] { then(name_taken(greeting.node), greeting); },
          [=, this, boot = known->second.boot](const caf::error&) {
            then(adopt(greeting, boot), greeting);
          });
}

std::optional<std::string> link::adopt(const hello& greeting, uint64_t silent) {
  if (auto reason = complaint(greeting, own_hello()))
    return reason;
  caf::strong_actor_ptr replaced;
  auto known = peers_.find(greeting.node);
  if (known != peers_.end()) {
    if (known->second.boot == greeting.boot)
      return std::nullopt; // Both connected to each other at the same time.
    // A third one came while the one before was asked.
    if (known->second.boot != silent)
      return name_taken(greeting.node);
    // It was restarted before the loss of the old connection was noticed, or
    // two nodes have one name. Its addresses stay those of its name.
    auto old = known->second.link;
    drop(greeting.node);
    replaced = std::move(old);
  }
  if (peers_.size() >= cluster::peers_max)
    return "this node talks to " + std::to_string(cluster::peers_max)
           + " others already, which is the most it can";
  auto& entry = peers_[greeting.node];
  entry = {greeting.boot, greeting.address, greeting.link, greeting.offers,
           false};
  entry.understands = std::min(greeting.newest, own_hello().newest)
                      >= hello::protocol_with_opinions;
  if (wires_)
    entry.key = wires_->call(greeting.link->node(), greeting.node);
  watch(greeting);
  if (replaced)
    tell_replaced(replaced, greeting.node);
  for (const auto& offer : greeting.offers)
    if (auto it = gates_.find(offer.service); it != gates_.end())
      show(it->second, greeting.node, offer);
  anon_send(options_.monitor,
            add_peer_monitor{greeting.node,
                             caf::actor_cast<caf::actor>(greeting.monitor),
                             greeting.boot});
  apply(
    members_.connected(greeting.node, greeting.boot, greeting.address, now()));
  note_addresses(greeting);
  plan_dial();
  plan_news();
  look_at_joins();
  return std::nullopt;
}

/// Where it listens, and others that it knows.
void link::note_addresses(const hello& greeting) {
  auto all = greeting.addresses;
  all.push_back(greeting.address);
  for (const auto& text : all)
    if (auto address = parse_host_port(text); address && address != address_)
      dials_.add(*address, false, now());
  if (auto address = parse_host_port(greeting.address)) {
    dials_.connected(*address, greeting.node);
    dials_.moved(greeting.node, *address);
  }
}

void link::watch(const hello& greeting) {
  if (roles_)
    anon_send(roles_,
              role_peer_up{greeting.node, greeting.boot, greeting.roles});
  auto weak = weak_handle_of(*this);
  on_end(greeting.link, [weak, node = greeting.node, boot = greeting.boot](
                          const caf::error& reason, run_context) {
    post(weak, nullptr, link_lost{node, boot, reason});
  });
}

void link::on_lost(const link_lost& what) {
  auto it = peers_.find(what.node);
  if (it == peers_.end() || it->second.boot != what.boot)
    return;
  end_peer(what.node, what.reason);
  dials_.lost(what.node, now());
  plan_dial();
}

void link::end_peer(const std::string& node, const caf::error& reason) {
  auto how = classify(reason);
  drop(node);
  auto goodbye = how == exit_class::normal || how == exit_class::shutdown;
  apply(members_.disconnected(
    node, goodbye, goodbye ? std::string{} : describe(reason), now()));
}

void link::drop(const std::string& node) {
  for (const auto& offer : peers_[node].offers)
    if (auto it = gates_.find(offer.service); it != gates_.end())
      hide(it->second, node, offer);
  anon_send(options_.monitor, remove_peer_monitor{node});
  if (roles_)
    anon_send(roles_, role_peer_down{node});
  if (wires_)
    wires_->forget(peers_[node].link->node());
  peers_.erase(node);
}

void link::on_stop() {
  quit(caf::exit_reason::user_shutdown);
}

void link::tell_refused(const std::string& whom, const std::string& reason) {
  auto count = refusals_.refused(whom, now());
  if (!count)
    return;
  event what;
  what.kind = event_kind::peer_refused;
  what.level = severity_of(what.kind);
  what.component = component();
  what.reason = reason;
  what.with("peer", whom);
  if (*count > 1)
    what.with("refusals", std::to_string(*count));
  emit(std::move(what));
}

} // namespace bulwark::detail
