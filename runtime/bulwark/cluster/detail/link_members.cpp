#include <bulwark/caf/caf_error.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

// What the link makes of the other nodes: what `membership` decides becomes
// events, questions, closed connections and lines in a file.

namespace bulwark::detail {

namespace {

/// A file that is written when something changes tells how long a node has been
/// away; this often it says that the others are still there.
int64_t seconds_of(wall_time at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch())
    .count();
}

} // namespace

/// Those that were known at the last start.
void link::read_kept() {
  if (!options_.kept)
    return;
  std::string complaint;
  membership::changes all;
  auto wall = seconds_of(options_.wall());
  for (const auto& each : options_.kept->read(complaint)) {
    auto address = parse_host_port(each.address);
    if (!address || address == address_ || each.node == options_.node)
      continue;
    auto gone = each.seen == 0 ? 0 : std::max<int64_t>(0, wall - each.seen);
    auto some = members_.known(each.node, each.address, now(),
                               std::chrono::seconds{gone});
    if (some.empty())
      continue;
    all.insert(all.end(), some.begin(), some.end());
    dials_.add(*address, false, now());
    dials_.is_of(*address, each.node);
  }
  if (!complaint.empty())
    tell_kept(complaint);
  apply(all);
}

void link::tell_kept(const std::string& complaint) {
  event what;
  what.kind = event_kind::join_failed;
  what.level = severity_of(what.kind);
  what.component = component();
  what.reason = complaint;
  emit(std::move(what));
}

void link::keep() {
  if (!options_.kept)
    return;
  auto wall = seconds_of(options_.wall());
  std::vector<kept_peer> all;
  for (const auto& each : members_.members()) {
    if (each.address.empty() || all.size() == kept_peers_max)
      continue;
    auto away = members_.away(each.node, now());
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    all.push_back(
      {each.node, each.address,
       away ? std::max<int64_t>(1, wall - duration_cast<seconds>(*away).count())
            : 0});
  }
  if (all == kept_)
    return;
  kept_ = std::move(all);
  auto failure = options_.kept->save(kept_);
  // Told once, and again after it worked.
  if (!failure.empty() && !std::exchange(keep_failed_, true))
    tell_kept(failure);
  if (failure.empty())
    keep_failed_ = false;
}

void link::apply(const membership::changes& what) {
  for (const auto& each : what) {
    tell_member(each);
    if (auto it = peers_.find(each.node); it != peers_.end()) {
      if (each.close && wires_)
        wires_->close_all(it->second.key, each.reason);
      else
        show_suspect(each.node, each.to == member_state::suspect);
    }
    if (each.to == member_state::forgotten)
      dials_.forget_node(each.node);
  }
  if (!what.empty()) {
    board_->show(members_.members());
    keep();
  }
  ask_others();
  plan_look();
}

void link::tell_member(const member_change& what) {
  event told;
  told.component = "node/" + what.node;
  told.reason = what.reason;
  told.downtime = what.downtime;
  if (what.joined)
    told.kind = event_kind::node_joined;
  else if (what.to == member_state::left)
    told.kind = event_kind::node_left;
  else if (what.lost)
    told.kind = event_kind::node_lost;
  else
    told.kind = event_kind::member_changed;
  told.level = severity_of(told.kind);
  if (what.lost)
    told.failure = failure_type::node_lost;
  if (what.downtime)
    told.with("method", "rejoin");
  if (told.kind == event_kind::member_changed) {
    if (what.from != what.to)
      told.with("from", to_string(what.from));
    told.with("to", to_string(what.to));
  }
  emit(std::move(told));
}

void link::ask_others() {
  for (const auto& each : members_.take_questions()) {
    auto at = peers_.find(each.whom);
    if (at == peers_.end() || !at->second.understands)
      continue;
    request(caf::actor_cast<caf::actor>(at->second.link),
            options_.noticing.opinion_time, peer_question{each.about})
      .then([=, this](
              bool reaches) { apply(members_.answered(each, reaches, now())); },
            // Who does not answer has no opinion.
            [](caf::error&) {});
  }
}

caf::result<bool> link::on_question(const peer_question& what) {
  auto asks = std::any_of(peers_.begin(), peers_.end(), [&](const auto& each) {
    return each.second.link == current_sender();
  });
  if (!asks) {
    refuse("question of one that is no peer", current_sender());
    return make_error(errc::invalid_option,
                      "only peers are told who is reached");
  }
  return members_.reaches(what.about);
}

void link::on_silence(const link_silence& what) {
  auto it = std::find_if(peers_.begin(), peers_.end(), [&](const auto& each) {
    return each.second.key == what.key;
  });
  if (it == peers_.end())
    return;
  auto node = it->first;
  if (!what.suspect)
    return apply(members_.heard(node, now()));
  using std::chrono::milliseconds;
  apply(members_.suspected(
    node,
    "nothing has come from it for "
      + to_text(std::chrono::floor<milliseconds>(what.silence)),
    now()));
}

void link::plan_look() {
  auto due = members_.next_due();
  if (!due)
    return;
  if (auto at = looks_.need(std::max(*due, now()), now()))
    delayed_send(this, *at - now(), link_look{*at});
}

void link::on_look(link_look tick) {
  looks_.rang(tick.at);
  apply(members_.look(now()));
}

/// A suspect gets nothing new that others offer to do.
void link::show_suspect(const std::string& node, bool suspect) {
  auto& known = peers_[node];
  if (std::exchange(known.suspect, suspect) == suspect)
    return;
  for (const auto& offer : known.offers)
    if (auto it = gates_.find(offer.service); it != gates_.end())
      it->second.peer_suspect(node, suspect);
}

} // namespace bulwark::detail
