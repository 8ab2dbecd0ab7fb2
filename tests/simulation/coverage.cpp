#include "simulation/coverage.hpp"

namespace test::sim {

namespace {

/// What 2,000 seeds must meet, and how often at least.
struct demand {
  const char* what;
  size_t least;
};

constexpr demand demands[] = {
  {"strategy one_for_one", 1000},
  {"strategy one_for_all", 500},
  {"strategy rest_for_one", 500},
  {"strategy simple_one_for_one", 200},
  {"restarts permanent", 1000},
  {"restarts transient", 500},
  {"restarts temporary", 200},
  {"shutdown any_significant", 50},
  {"shutdown all_significant", 50},
  {"act flood", 10000},
  {"act crash", 10000},
  {"act spoil", 5000},
  {"act unstick", 500},
  {"act assail", 500},
  {"work later", 1000},
  {"work nothing", 1000},
  {"work error", 1000},
  {"work never", 1000},
  {"work poison", 1000},
  {"work quit", 1000},
  {"work leave", 1000},
  {"work hang", 500},
  {"work fall", 500},
  {"work hand_on", 1000},
  {"work ask", 1000},
  {"work trip", 300},
  {"work that is resumed", 500},
  {"answer value", 10000},
  {"answer of the service", 500},
  {"answer replica_lost", 1000},
  {"answer service_crashed", 1000},
  {"answer service_failed", 1000},
  {"answer service_hung", 200},
  {"answer stash_expired", 50},
  {"answer stash_full", 500},
  {"answer stopped", 1000},
  {"answer timed_out", 1000},
  {"answer bulkhead_full", 1000},
  {"answer bulkhead_isolated", 500},
  {"answer bulkhead_timeout", 500},
  {"order add obeyed", 100},
  {"order change_limits obeyed", 200},
  {"order change_restart obeyed", 200},
  {"order remove obeyed", 50},
  {"order restart obeyed", 200},
  {"order terminate obeyed", 500},
  {"order resize obeyed", 200},
  {"order resize refused", 50},
  {"order isolate obeyed", 500},
  {"order drain obeyed", 100},
  {"event bulkhead_drained", 100},
  {"event child_abandoned", 100},
  {"event child_failed", 5000},
  {"event child_gave_up", 1000},
  {"event child_restarted", 2000},
  {"event restart_scheduled", 1000},
  {"event service_down", 1000},
  {"event service_up", 1000},
  {"event supervisor_failed", 500},
  {"event dead_letter", 5000},
  {"event standby_promoted", 500},
  {"event failed_back", 50},
  {"event group_exhausted", 200},
  {"event replica_ejected", 200},
  {"event replica_returned", 100},
  {"failure exception", 1000},
  {"failure error_exit", 500},
  {"failure killed", 200},
  {"failure start_failed", 200},
  {"failure ready_timeout", 50},
  {"failure hung", 100},
  {"message critical", 10000},
  {"message background", 10000},
  {"message of a tenant", 10000},
  {"message of a key", 10000},
  {"message that is idempotent", 10000},
  {"bulkhead that is fair", 200},
  {"bulkhead that is fair to the last to come", 50},
  {"answer rate_limited", 1000},
  {"answer draining", 200},
  {"part of a message", 2000},
  {"part that throws", 200},
  {"request that waits for its rate", 1000},
  {"bulkhead that has a rate", 200},
  {"bulkhead that has a rate per tenant", 100},
  {"bulkhead where somebody waits", 5000},
  {"bulkhead where tenants take turns", 1000},
  {"bulkhead where tenants take turns and the last is first", 100},
  {"act borrow", 1000},
  {"act drain_gate", 200},
  {"act stop_gate", 100},
  {"call", 50000},
  {"call that is tried again", 4000},
  {"call that is a probe", 1000},
  {"call that gets a value", 10000},
  {"call that gets an error of its service", 2000},
  {"call that gets circuit_open", 1000},
  {"call that gets timed_out", 1000},
  {"call that gets bulkhead_full", 500},
  {"call that gets service_crashed", 150},
  {"fact emptied", 200},
  {"fact forsaken", 1000},
  {"fact gave_up", 200},
  {"fact lent", 500},
  {"fact unlent", 100},
  {"fact raised", 2000},
  {"fact told_to_end", 1000},
  {"fact threw", 200},
};

bool fair_to_the_last(const bulwark::bulkhead_options& what) {
  return what.fair && what.order == bulwark::queue_order::adaptive_lifo
         && what.queue > 0;
}

} // namespace

void coverage::count(const plan& what) {
  for (auto& each : what.nodes) {
    if (each.supervisor) {
      ++counts_["strategy " + bulwark::to_string(each.strategy)];
      ++counts_["shutdown " + bulwark::to_string(each.on_significant)];
    }
    if (each.parent != none)
      ++counts_["restarts " + bulwark::to_string(each.restart.type)];
  }
  for (auto& each : what.bulkheads) {
    counts_["bulkhead that is fair"] += each.fair;
    counts_["bulkhead that has a rate"] += each.rate.has_value();
    counts_["bulkhead that has a rate per tenant"] += each.rate_per_tenant;
    counts_["bulkhead that is fair to the last to come"] +=
      fair_to_the_last(each);
  }
}

void coverage::count(const work& what) {
  ++counts_["message " + bulwark::to_string(what.priority)];
  counts_["message of a tenant"] += what.tenant != 0;
  counts_["message of a key"] += what.key != 0;
  counts_["message that is idempotent"] += what.idempotent;
  counts_["work that is resumed"] += what.survives;
}

void coverage::count(const use_of_permits& what,
                     const bulwark::bulkhead_options& where) {
  counts_["bulkhead where somebody waits"] += what.waiting > 0;
  counts_["bulkhead where tenants take turns"] +=
    where.fair && what.waiting > 1;
  counts_["bulkhead where tenants take turns and the last is first"] +=
    fair_to_the_last(where) && what.waiting * 2 > where.queue;
}

/// With permits free it can only have been the rate that it waited for, or a
/// replica.
void coverage::count_wait(const entry& what, const plan& where) {
  auto index = where.services[what.service].bulkhead;
  if (index == none || !where.bulkheads[index].rate)
    return;
  auto asked = asked_.find(what.message);
  counts_["request that waits for its rate"] +=
    asked != asked_.end() && asked->second < what.at && waiting_[index] == 0;
}

void coverage::count(const entry& what, const plan& where) {
  switch (what.what) {
  case fact::asked:
    asked_[what.message] = what.at;
    counts_["part of a message"] += what.message.part > 0;
    return count(what.task);
  case fact::handled:
    return count_wait(what, where);
  case fact::raised:
    ++counts_["fact raised"];
    counts_["part that throws"] += what.message.part > 0;
    return;
  case fact::permits:
    waiting_[what.permits.bulkhead] = what.permits.waiting;
    return count(what.permits, where.bulkheads[what.permits.bulkhead]);
  case fact::acted:
    if (what.cause == nullptr)
      return;
    ++counts_["act " + to_string(what.cause->what)];
    for (auto& each : what.cause->works)
      ++counts_["work " + to_string(each.kind)];
    return;
  case fact::ended:
    ++counts_[(where.nodes[what.node].supervisor ? "end of supervisor "
                                                 : "end of worker ")
              + bulwark::to_string(what.how)];
    return;
  case fact::answered:
    ++counts_["answer "
              + (!what.refused                  ? "value"
                 : what.code == bulwark::errc{} ? "of the service"
                                                : to_string(what.code))];
    return;
  case fact::obeyed:
  case fact::heeded:
    ++counts_["order " + to_string(what.cause->what)
              + (what.refused ? " refused" : " obeyed")];
    return;
  case fact::changed:
    ++counts_["state " + to_string(what.state)];
    return;
  case fact::event:
    ++counts_["event " + bulwark::to_string(what.event->kind)];
    if (what.event->kind == bulwark::event_kind::child_failed)
      ++counts_["failure " + bulwark::to_string(what.event->failure)];
    return;
  default:
    ++counts_["fact " + to_string(what.what)];
  }
}

void coverage::add(const coverage& other) {
  for (auto& [what, times] : other.counts_)
    counts_[what] += times;
}

std::string coverage::gaps(size_t seeds) const {
  std::string result;
  for (auto& [what, least] : demands) {
    auto it = counts_.find(what);
    auto times = it == counts_.end() ? 0 : it->second;
    auto wanted = least * seeds / 2000;
    if (times < wanted)
      result += std::string{what} + ": met " + std::to_string(times)
                + " times; it must be at least " + std::to_string(wanted)
                + '\n';
  }
  return result;
}

std::string coverage::text() const {
  std::string result;
  for (auto& [what, times] : counts_)
    result += what + ' ' + std::to_string(times) + '\n';
  return result;
}

} // namespace test::sim
