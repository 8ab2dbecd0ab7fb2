#include <bulwark/gate/detail/protections.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

const std::string& no_tenant() {
  static const std::string none;
  return none;
}

const std::string& tenant_of(const entrance& by) {
  return by.call != nullptr ? by.call->tenant : no_tenant();
}

call_attempt describe_attempt(pending_id id, const call_options* call) {
  call_attempt result;
  result.id = id.value;
  if (call == nullptr)
    return result;
  result.priority = call->priority;
  result.key = call->key;
  result.tenant = call->tenant;
  result.endpoint = call->endpoint;
  return result;
}

} // namespace

protections::protections(const gate_clock& clock,
                         const std::vector<std::shared_ptr<protection>>& own,
                         const bulwark::bulkhead& bulkhead,
                         const std::string& service, bool retries,
                         const outcome_watch& watch)
  : clock_(clock),
    own_count_(own.size()),
    watch_(watch),
    learns_(watch.any()),
    retries_(retries) {
  if (own.size() > own_max)
    throw std::invalid_argument{
      "gate.protections of " + service + " are " + std::to_string(own.size())
      + "; there must be at most " + std::to_string(own_max)};
  std::copy(own.begin(), own.end(), own_.begin());
  exact_ = learns_ || std::any_of(own.begin(), own.end(), [](const auto& each) {
             return each->needs_exact_times();
           });
  if (!bulkhead)
    return;
  permits_ = std::make_unique<permit_limit>(bulkhead.core(), service);
  adapts_ = bulkhead.core()->adapts();
  learns_ |= adapts_;
  exact_ |= adapts_;
  if (bulkhead.core()->rated())
    rate_ = std::make_unique<rate_limit>(bulkhead.core());
}

std::optional<permission> protections::ask(request_table& requests,
                                           pending_id id, const entrance& by,
                                           time_point now, rate_turn& turn) {
  if (own_count_ > 0) {
    auto what = describe_attempt(id, by.call);
    what.now = now;
    what.deadline = by.deadline;
    what.from_peer = (by.flags & from_peer_bit) != 0;
    if (auto refused = ask_own(what, turn))
      return refused;
  }
  if (rate_) {
    auto said = rate_->may_go(tenant_of(by), by);
    if (said.what == permission::kind::no) {
      end_own(own_count_, id, {attempt_outcome::never_went, said.why, {}, now});
      return said;
    }
    if (said.what == permission::kind::later)
      turn.at = std::max(turn.at, said.not_before);
  }
  requests.said(id).watched = own_count_ > 0;
  turn.tenant = &tenant_of(by);
  return std::nullopt;
}

/// Asks until one refuses; those before it are told so.
std::optional<permission> protections::ask_own(const call_attempt& what,
                                               rate_turn& turn) {
  for (size_t i = 0; i < own_count_; ++i) {
    auto said = own_[i]->may_go(what);
    if (said.what == permission::kind::later)
      turn.at = std::max(turn.at, said.not_before);
    if (said.what != permission::kind::no)
      continue;
    end_own(i, {what.id},
            {attempt_outcome::never_went, said.why, {}, what.now});
    return said;
  }
  return std::nullopt;
}

/// To what a replica left a delay does not matter: it waits for the next one.
bool protections::ask_again(request_table& requests, pending_id id,
                            time_point now, rate_turn* turn) {
  const auto* kept = requests.said(id).kept.get();
  const auto* call = kept != nullptr ? &kept->call : nullptr;
  auto what = describe_attempt(id, call);
  what.earlier = kept != nullptr ? kept->deaths.all() + kept->answered : 0;
  what.now = now;
  what.deadline = time_point{duration{requests.deadline(id)}};
  rate_turn none;
  if (own_count_ > 0 && ask_own(what, turn != nullptr ? *turn : none))
    return false;
  entrance by{{}, {}, what.deadline, 0, call};
  if (turn != nullptr)
    turn->tenant = &tenant_of(by);
  if (turn != nullptr && rate_) {
    auto said = rate_->may_go(*turn->tenant, by);
    if (said.what == permission::kind::no) {
      end_own(own_count_, id, {attempt_outcome::never_went, said.why, {}, now});
      return false;
    }
    turn->at = std::max(turn->at, said.not_before);
  }
  requests.said(id).watched = own_count_ > 0;
  return true;
}

/// What is told meanwhile makes it due again, and pokes the gate.
time_point protections::tick(time_point now) noexcept {
  auto at = [](time_point when) { return when.time_since_epoch().count(); };
  auto known = tick_at_.load(std::memory_order_seq_cst);
  if (at(now) < known)
    return time_point{duration{known}};
  tick_at_.store(at(time_point::max()), std::memory_order_seq_cst);
  auto next = time_point::max();
  for (size_t i = 0; i < own_count_; ++i)
    next = std::min(next, own_[i]->tick(now));
  known = tick_at_.load(std::memory_order_seq_cst);
  while (at(next) < known && !tick_at_.compare_exchange_weak(known, at(next)))
    continue;
  return std::max(now, std::min(next, time_point{duration{known}}));
}

void protections::end_own(size_t count, pending_id id,
                          const attempt_end& how) noexcept {
  for (size_t i = count; i > 0; --i)
    own_[i - 1]->ended(id.value, how);
}

void protections::went_watched(request_table& requests, pending_id id,
                               bool own) noexcept {
  requests.note_start(id, now());
  for (size_t i = 0; own && i < own_count_; ++i)
    own_[i]->went(id.value);
}

void protections::ended_watched(request_table& requests, pending_id id,
                                pending_owner owner, attempt_outcome how,
                                errc code, duration busy) noexcept {
  auto& said = requests.said(id);
  attempt_end end{how, code, {}, now(), busy};
  if (how != attempt_outcome::never_went)
    if (auto start = requests.start_of(id))
      end.took = end.at - *start;
  auto dropped = how == attempt_outcome::failed && code == errc::timed_out;
  // An error may be fast, and says nothing about how long work takes.
  if (adapts_ && slot_bank::is_local(owner)
      && (how == attempt_outcome::value || dropped))
    learn(end.took, dropped);
  if (watch_.any() && slot_bank::is_local(owner)
      && how != attempt_outcome::never_went)
    watch_.ended(owner.slot, end);
  if (said.watched)
    end_own(own_count_, id, end);
  said.watched = false;
}

void protections::learn(duration took, bool dropped) noexcept {
  try {
    permits_->bulkhead().learn(took, dropped);
  } catch (...) {
    // Out of memory.
  }
}

} // namespace bulwark::detail
