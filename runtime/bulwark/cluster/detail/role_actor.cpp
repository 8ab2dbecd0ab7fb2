#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/cluster/detail/role_actor.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/exit_reason.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

namespace {

/// How voters know a start of a node: another start is another node.
std::string lease_identity(const std::string& node, uint64_t boot) {
  return node + "/" + std::to_string(boot);
}

} // namespace

role_actor::role_actor(caf::actor_config& config, role_settings settings)
  : system_actor(config, "node/" + settings.node + "/roles", settings.events),
    file_(std::exchange(settings.file, nullptr)),
    settings_(std::move(settings)),
    began_(now()),
    random_(settings_.seed) {
  const auto& voters = settings_.voters;
  auto own = std::find(voters.begin(), voters.end(), settings_.node);
  if (own != voters.end())
    own_voter_ = static_cast<size_t>(own - voters.begin());
  if (file_)
    for (const auto& [role, promise] : file_->found())
      voters_.try_emplace(role, settings_.times, promise, began_);
}

caf::behavior role_actor::make_behavior() {
  return {
    [this](role_start) { on_start(); },
    [this](const role_wake& tick) { on_wake(tick); },
    [this](const role_call& what) { on_call(what); },
    [this](const role_reply& what) { on_reply(what); },
    [this](const role_peer_up& it) {
      if (it.roles)
        peers_[it.node] = {lease_identity(it.node, it.boot), it.roles};
    },
    [this](const role_peer_down& it) { peers_.erase(it.node); },
    [this](stop_actor) { on_stop(); },
  };
}

void role_actor::on_start() {
  for (const auto& state : settings_.roles) {
    if (settings_.voters.empty()) {
      state->tell_unavailable("the cluster has no voters, so that no node gets "
                              "it; name them by --voters on all nodes");
      continue;
    }
    wanted_.push_back(
      {state,
       role_holder{lease_identity(settings_.node, settings_.boot),
                   settings_.voters.size(), settings_.times},
       {}});
    auto& added = wanted_.back();
    perform(wanted_.size() - 1, added.holder.start(now(), unit_random()));
  }
  settle_own();
  plan_wake();
}

void role_actor::on_wake(const role_wake& tick) {
  timers_.rang(tick.at);
  for (size_t i = 0; i < wanted_.size(); ++i)
    if (wanted_[i].wake <= now())
      perform(i, wanted_[i].holder.wake(now(), unit_random()));
  settle_own();
  plan_wake();
}

void role_actor::on_call(const role_call& what) {
  auto from = sender_node();
  if (from.empty())
    return refuse("call for a role of one that is no peer", current_sender());
  if (!own_voter_ || validate_name("role", what.role))
    return refuse("call for a role that this node has no say in",
                  current_sender());
  const auto& asking = peers_.at(from);
  lease_call call{what.what, asking.identity, what.token, what.round};
  auto reply = answer(what.role, call);
  if (reply && what.what != lease_call::kind::release)
    post_as(handle_of(*this), asking.roles, context_of(*this),
            role_reply{what.role, *std::move(reply)});
}

void role_actor::on_reply(const role_reply& what) {
  const auto& voters = settings_.voters;
  auto voter = std::find(voters.begin(), voters.end(), sender_node());
  auto role =
    std::find_if(wanted_.begin(), wanted_.end(), [&](const auto& each) {
      return each.state->name() == what.role;
    });
  if (voter == voters.end() || role == wanted_.end())
    return refuse("answer about a role of one that was not asked",
                  current_sender());
  auto reply = what.reply;
  reply.left = std::clamp(reply.left, duration{0}, settings_.times.lease);
  perform(static_cast<size_t>(role - wanted_.begin()),
          role->holder.on_reply(static_cast<size_t>(voter - voters.begin()),
                                reply, now(), unit_random()));
  settle_own();
  plan_wake();
}

void role_actor::on_stop() {
  for (size_t i = 0; i < wanted_.size(); ++i) {
    auto last = wanted_[i].holder.stop();
    wanted_[i].state->end("the node stops");
    perform(i, last);
  }
  settle_own();
  file_ = nullptr;
  quit(caf::exit_reason::user_shutdown);
}

void role_actor::perform(size_t role, const role_holder::step& what) {
  wanted_[role].wake = what.wake;
  publish(wanted_[role]);
  for (const auto& each : what.send)
    send_to_voter(role, each.voter, each.call);
}

void role_actor::send_to_voter(size_t role, size_t voter,
                               const lease_call& call) {
  if (voter == own_voter_) {
    own_calls_.push_back({role, call});
    return;
  }
  // Who is away hears nothing; the holder asks again.
  auto at = peers_.find(settings_.voters[voter]);
  if (at != peers_.end())
    post_as(handle_of(*this), at->second.roles, context_of(*this),
            role_call{wanted_[role].state->name(), call.what, call.token,
                      call.round});
}

/// An answer can make the holder go on at once, through look, ask and renew.
void role_actor::settle_own() {
  while (!own_calls_.empty()) {
    auto next = std::move(own_calls_.front());
    own_calls_.pop_front();
    auto& role = wanted_[next.role];
    auto reply = answer(role.state->name(), next.call);
    if (reply && next.call.what != lease_call::kind::release)
      perform(next.role,
              role.holder.on_reply(*own_voter_, *reply, now(), unit_random()));
  }
}

void role_actor::publish(wanted& role) {
  if (role.holder.holds(now()))
    role.state->hold(role.holder.token(), role.holder.now_known().until);
  else
    role.state->end("most voters have not lent it for longer in time");
}

void role_actor::plan_wake() {
  if (wanted_.empty())
    return;
  auto next = std::min_element(
    wanted_.begin(), wanted_.end(),
    [](const auto& x, const auto& y) { return x.wake < y.wake; });
  auto due = std::max(next->wake, now() + timer_stack::closest);
  if (auto at = timers_.need(due, now()))
    delayed_send(this, *at - now(), role_wake{*at});
}

std::string role_actor::sender_node() {
  for (const auto& [node, each] : peers_)
    if (each.roles == current_sender())
      return node;
  return {};
}

double role_actor::unit_random() {
  return std::uniform_real_distribution<>{}(random_);
}

// -- as a voter ---------------------------------------------------------------

std::optional<lease_reply> role_actor::answer(const std::string& role,
                                              const lease_call& call) {
  auto it = voters_.find(role);
  if (it == voters_.end()) {
    if (voters_.size() >= promises_max) {
      refuse("call for one role more than a voter keeps", current_sender());
      return std::nullopt;
    }
    it =
      voters_.try_emplace(role, settings_.times, lease_promise{}, began_).first;
  }
  auto before = it->second.promise();
  auto result = it->second.answer(call, now());
  if (it->second.promise() != before)
    unsaved_ = true;
  if (unsaved_ && !save())
    return std::nullopt;
  return result;
}

bool role_actor::save() {
  lease_promises all;
  for (const auto& [role, voter] : voters_)
    if (voter.promise().token != 0)
      all.emplace(role, voter.promise());
  auto why = file_ ? file_->save(all) : std::string{"this voter has no file"};
  unsaved_ = !why.empty();
  if (unsaved_ != told_unsaved_)
    tell_file(unsaved_ ? event_kind::journal_failed
                       : event_kind::journal_recovered,
              unsaved_ ? "this voter answers nobody: " + why : "");
  told_unsaved_ = unsaved_;
  return !unsaved_;
}

void role_actor::tell_file(event_kind kind, const std::string& why) {
  event what;
  what.kind = kind;
  what.level = severity_of(kind);
  what.component = component();
  what.reason = why;
  emit(std::move(what));
}

} // namespace bulwark::detail
