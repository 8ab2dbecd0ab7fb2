#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_cast.hpp>
#include <caf/node_id.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace bulwark::detail {

namespace {

/// A node that does not say hello within this time counts as away.
constexpr std::chrono::seconds greeting_time{10};

/// For so long after the start requests wait for nodes to join that are not
/// connected yet.
constexpr std::chrono::seconds joining_time{10};

/// Several addresses due within this time are looked at together.
constexpr std::chrono::milliseconds dial_gap{10};

/// While addresses are dialled, what came of it is looked at so often.
constexpr std::chrono::milliseconds attempt_gap{20};

} // namespace

link::link(caf::actor_config& config, cluster_options options,
           std::shared_ptr<wire> wires, caf::actor roles,
           std::shared_ptr<member_board> board)
  : system_actor(config, "node/" + options.node, options.events),
    options_(std::move(options)),
    wires_(std::move(wires)),
    roles_(std::move(roles)),
    random_(options_.seed),
    gates_(options_.offers),
    members_(options_.noticing),
    board_(std::move(board)) {}

caf::behavior link::make_behavior() {
  if (wires_)
    wires_->on_silence([weak = weak_handle_of(*this)](
                         const std::string& key, bool suspect, duration gone) {
      post(weak, nullptr, link_silence{key, suspect, gone});
    });
  return {
    [this](const link_start& what) { on_start(what); },
    [this](link_dial tick) {
      timers_.rang(tick.at);
      dial_due();
    },
    [this](const link_gate& what) { on_gate(what); },
    [this](const link_offer& what) { on_offer(what); },
    [this](const link_breaker& what) { on_breaker(what); },
    [this](const link_breaker_news& what) { on_breaker_news(what); },
    [this](const link_lost& what) { on_lost(what); },
    [this](const link_silence& what) { on_silence(what); },
    [this](link_look tick) { on_look(tick); },
    [this](link_news) { on_news_due(); },
    [this](stop_actor) { on_stop(); },
    [this](link_joined) { end_joins(); },
    [this](link_drain) { return on_drain(); },
    [this](const peer_notice& what) { return on_notice(what); },
    [this](const offer_news& what) { return on_news(what); },
    [this](const peer_question& what) { return on_question(what); },
    [this](const hello& greeting) { return on_hello(greeting); },
  };
}

void link::on_start(const link_start& what) {
  started_ = true;
  address_ = what.address;
  for (const auto& address : options_.join)
    dials_.add(address, true, now());
  read_kept();
  if (!options_.join.empty())
    delayed_send(this, joining_time, link_joined{});
  dial_due();
  look_at_joins();
}

void link::plan_dial() {
  auto due = dials_.next_due();
  if (!attempts_.empty()) {
    auto look = now() + attempt_gap;
    due = due ? std::min(*due, look) : look;
  }
  if (!due)
    return;
  if (auto at = timers_.need(std::max(*due, now() + dial_gap), now()))
    delayed_send(this, *at - now(), link_dial{*at});
}

void link::dial_due() {
  look_at_attempts();
  for (const auto& address : dials_.take_due(now()))
    dial(address);
  plan_dial();
}

void link::dial(const host_port& address) {
  if (address_ == address) {
    dials_.forget(address);
    return tell_refused(to_string(address), "this is the node itself");
  }
  auto key = to_string(address);
  if (attempts_.count(key) == 0)
    attempts_.emplace(key, dialled{address, dial_attempt{address}});
}

void link::look_at_attempts() {
  for (auto it = attempts_.begin(); it != attempts_.end();) {
    auto found = it->second.attempt.take();
    if (!found) {
      ++it;
      continue;
    }
    auto address = it->second.address;
    it = attempts_.erase(it);
    if (found->connection)
      connect(address, std::move(found->connection));
    else
      on_failed(address, found->failure);
  }
}

void link::connect(const host_port& address, descriptor connection) {
  auto fresh = wires_->adopt(std::move(connection), wire_side::dialled);
  if (!fresh.scribe)
    return;
  // Without a limit: the connection is closed when it has had its time.
  request(wires_->broker(), caf::infinite, caf::connect_atom_v,
          std::move(fresh.scribe), address.port)
    .then(
      [=, this](const caf::node_id&, caf::strong_actor_ptr& other,
                const std::set<std::string>&) {
        if (other)
          greet(address, other);
        else
          on_failed(address, "no node of ours listens there");
      },
      [=, this, what = fresh.what](caf::error& err) {
        auto reason = what->reason();
        on_failed(address, reason.empty() ? describe(err) : reason);
      });
}

void link::greet(const host_port& address, const caf::strong_actor_ptr& other) {
  request(caf::actor_cast<caf::actor>(other), greeting_time, own_hello())
    .then(
      [=, this](const hello& greeting) {
        decide(greeting, other->node(),
               [=, this](const auto& refusal, const hello& whom) {
                 greeted(address, whom, refusal);
               });
      },
      [=, this](caf::error& err) { on_failed(address, describe(err)); });
}

void link::greeted(const host_port& address, const hello& whom,
                   const std::optional<std::string>& refusal) {
  if (!refusal) {
    tell_moves(whom.link);
    tell_breakers(whom.link);
  } else {
    tell_refused(to_string(address), *refusal);
    auto known = peers_.find(whom.node);
    if (!whom.link || known == peers_.end() || known->second.boot == whom.boot)
      return on_failed(address, *refusal);
    // It has taken this node in, and must not keep it.
    tell_replaced(whom.link, whom.node);
  }
  dials_.connected(address, whom.node);
  plan_dial();
  look_at_joins();
}

void link::on_failed(const host_port& address, const std::string& reason) {
  std::uniform_real_distribution<> unit;
  if (dials_.failed(address, now(), unit(random_))) {
    event what;
    what.kind = event_kind::join_failed;
    what.level = severity::low;
    what.component = component();
    what.reason = reason;
    what.with("address", to_string(address));
    emit(std::move(what));
  }
  plan_dial();
}

} // namespace bulwark::detail
