#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/events/detail/event_check.hpp>
#include <bulwark/events/detail/monitor_actor.hpp>

#include <caf/sec.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

// How monitors come to know the same events.

namespace bulwark::detail {

caf::message_handler monitor_actor::peer_messages() {
  return {
    [this](peer_events& x) { return on_peer_events(x); },
    [this](const peer_positions& x) { on_positions(x); },
    [this](batch_read& x) { on_batch_read(x); },
    [this](add_peer_monitor& x) { on_add_peer(x); },
    [this](remove_peer_monitor& x) {
      peers_.erase(x.node);
      exchange_.remove_peer(x.node);
    },
    [this](const node_question& x) { return on_question(x); },
    [this](questions_to& x) { questions_ = std::move(x.who); },
    [this](peer_monitors_request) {
      peer_monitors result;
      for (const auto& [node, each] : peers_)
        result.all.push_back({node, each.boot, each.handle});
      return result;
    },
  };
}

void monitor_actor::on_add_peer(add_peer_monitor& what) {
  auto known = peers_.find(what.node);
  if (!what.handle || what.node == options_.node
      || (known == peers_.end() && peers_.size() >= options_.peers_max))
    return;
  auto& to = peers_[what.node];
  to = peer{std::move(what.handle), what.boot, ++generations_};
  exchange_.add_peer(what.node);
  tell_positions(to, exchange_.all(), true);
}

caf::response_promise monitor_actor::on_question(const node_question& what) {
  auto asked = make_response_promise();
  if (questions_)
    asked.delegate(questions_, what);
  else
    asked.deliver(node_answer{
      503, "{\"error\":\"the node was started without --admin\"}\n"});
  return asked;
}

void monitor_actor::tell_positions(peer& to, std::vector<event_position> has,
                                   bool anew) {
  send(to.handle, peer_positions{options_.node, options_.boot, sequence_,
                                 ledger_now(), anew, std::move(has)});
}

monitor_actor::peer* monitor_actor::sending_peer(std::string& node) {
  auto from = std::find_if(peers_.begin(), peers_.end(), [this](auto& each) {
    return each.second.handle == current_sender();
  });
  if (from == peers_.end())
    return nullptr;
  node = from->first;
  return &from->second;
}

void monitor_actor::on_positions(const peer_positions& what) {
  std::string node;
  auto* from = sending_peer(node);
  if (from == nullptr) {
    // Its link may have heard of this node earlier than ours of it.
    if (peers_.contains(what.node))
      refuse("positions of another node", current_sender());
    return;
  }
  if (what.node != node || what.boot != from->boot
      || what.has.size() > exchange_max) {
    ++malformed_;
    return;
  }
  from->upto = what.upto;
  // Nobody knows more of the time to come than this node does.
  from->alive = std::min(what.alive, ledger_now());
  note_complete(node, *from);
  exchange_.told(node, what.has, what.anew, now());
  // What this node told first may have come before the peer knew of it.
  if (what.anew && !std::exchange(from->answered, true))
    tell_positions(*from, exchange_.all(), true);
  feed(node, *from);
}

void monitor_actor::note_complete(const std::string& node, const peer& of) {
  if (positions_.upto(node, of.boot) >= of.upto)
    ledger_.kept.complete_until(node, of.alive);
}

caf::result<peer_events_ack> monitor_actor::on_peer_events(peer_events& batch) {
  std::string node;
  auto* from = sending_peer(node);
  if (from == nullptr) {
    // As above.
    if (peers_.contains(batch.node))
      refuse("events of another node", current_sender());
    return make_error(errc::unreachable, "not connected to that node");
  }
  // Its own events come back to a node that has lost them.
  auto own = batch.node == options_.node;
  auto forged = own
                && (batch.boot > options_.boot
                    || (batch.boot == options_.boot && !batch.events.empty()
                        && batch.events.back().sequence > sequence_));
  // Nobody knows of a start of a node earlier than the node itself.
  forged |= batch.node == node && batch.boot > from->boot;
  if (batch.node.empty() || batch.events.size() > batch_max || forged
      || !exchange_.takes(batch.node, batch.boot)) {
    ++malformed_;
    return make_error(errc::not_supported, "not a batch of events");
  }
  auto expected = batch.first;
  for (auto& what : batch.events) {
    if (!well_formed(what) || what.node != batch.node || what.boot != batch.boot
        || what.sequence < expected || what.sequence - expected > leap_max) {
      ++malformed_;
      continue;
    }
    auto missing = positions_.upto(what.node, what.boot) + 1;
    if (what.sequence > expected && missing >= batch.first
        && missing < what.sequence) {
      positions_.add(what.node, what.boot, missing, what.sequence - 1);
      options_.store->note_gap(what.node, what.boot, missing,
                               what.sequence - 1);
    }
    expected = what.sequence + 1;
    accept(std::move(what));
  }
  note_complete(node, *from);
  return peer_events_ack{positions_.upto(batch.node, batch.boot)};
}

void monitor_actor::accept(event what) {
  if (positions_.contains(what.node, what.boot, what.sequence)
      || !positions_.add(what.node, what.boot, what.sequence, what.sequence))
    return;
  enter(what, event_origin::peer);
  options_.store->append(std::move(what));
}

void monitor_actor::on_durable() {
  auto moved = durable_->take();
  auto lost = std::any_of(moved.begin(), moved.end(),
                          [this](auto& at) { return exchange_.is_behind(at); });
  if (lost)
    return start_again();
  exchange_.moved(moved, now());
  for (const auto& [node, boot] : exchange_.take_forgotten())
    positions_.forget(node, boot);
  feed_all();
}

/// The store was damaged and begins anew: peers give back what it had, also of
/// this node.
void monitor_actor::start_again() {
  auto left = options_.store->positions();
  positions_ = {};
  for (const auto& at : left)
    positions_.add(at.node, at.boot, 1, at.upto);
  exchange_.lost_history(left, now());
  auto all = exchange_.all();
  for (auto& [node, to] : peers_)
    tell_positions(to, all, true);
  feed_all();
}

void monitor_actor::feed_all() {
  for (auto& [node, to] : peers_)
    feed(node, to);
}

void monitor_actor::feed(const std::string& node, peer& to) {
  auto batch = exchange_.next(node, now());
  if (!batch)
    return;
  batch_read answer{node,        to.generation, batch->node,
                    batch->boot, batch->first,  {}};
  options_.store->read(
    batch->node, batch->boot, batch->first, batch_max,
    [me = address(), answer](std::vector<event> found) mutable {
      answer.events = std::move(found);
      post(me, nullptr, std::move(answer));
    });
}

void monitor_actor::on_batch_read(batch_read& what) {
  auto known = peers_.find(what.peer);
  if (known == peers_.end() || known->second.generation != what.generation)
    return;
  if (what.events.empty())
    return exchange_.arrived(what.peer, what.first - 1, now());
  auto still = [this, node = what.peer,
                generation = what.generation](auto&& then) {
    auto at = peers_.find(node);
    if (at == peers_.end() || at->second.generation != generation)
      return;
    then(node);
    feed(node, at->second);
  };
  auto last = what.events.back().sequence;
  request(known->second.handle, peer_timeout,
          peer_events{what.node, what.boot, what.first, std::move(what.events)})
    .then(
      [this, still, last](const peer_events_ack& ack) {
        // More than was sent is for its positions to tell.
        still([&](const std::string& node) {
          exchange_.arrived(node, std::min(ack.upto, last), now());
        });
      },
      [this, still, first = what.first](const caf::error& reason) {
        still([&](const std::string& node) {
          if (reason == caf::sec::request_timeout)
            exchange_.lost(node);
          else
            exchange_.arrived(node, first - 1, now());
        });
      });
}

} // namespace bulwark::detail
