#include "simulation/plan.hpp"

#include <bulwark/text/duration_text.hpp>

#include <sstream>

namespace test::sim {

namespace {

void print_child(std::ostream& out, const node& it) {
  auto& r = it.restart;
  out << ' ' << bulwark::to_string(r.type) << " delay "
      << bulwark::to_text(r.initial) << " x" << r.multiplier << " to "
      << bulwark::to_text(r.max) << " +-" << r.jitter << " reset "
      << bulwark::to_text(r.reset_after) << " limit " << r.intensity << '/'
      << bulwark::to_text(r.period) << " cools "
      << bulwark::to_text(r.cool_down) << " to "
      << bulwark::to_text(r.cool_down_max) << " shutdown "
      << bulwark::to_text(r.shutdown) << " ready "
      << bulwark::to_text(it.ready_within);
  if (it.hung_after > bulwark::duration::zero())
    out << " hung after " << bulwark::to_text(it.hung_after);
  if (it.on_limit == bulwark::limit_action::escalate)
    out << " escalates";
  if (it.significant)
    out << " significant";
  if (it.reports_ready)
    out << " reports";
  if (it.dynamic)
    out << " dynamic";
}

void print_supervisor(std::ostream& out, const node& it) {
  out << " [" << bulwark::to_string(it.strategy) << ' ' << it.limits.intensity
      << '/' << bulwark::to_text(it.limits.period) << " shutdown "
      << bulwark::to_string(it.on_significant) << " abandons "
      << bulwark::to_text(it.abandon_after);
  if (it.min_healthy > 0)
    out << " healthy " << it.min_healthy;
  out << ']';
}

void print_service(std::ostream& out, const service& it) {
  out << "gate " << it.name << " timeout " << bulwark::to_text(it.gate.timeout)
      << " grace " << bulwark::to_text(it.gate.grace) << " stash "
      << it.gate.stash_messages << " for "
      << bulwark::to_text(it.gate.stash_wait);
  if (it.grouped())
    out << ", " << it.standby << " of " << it.replicas << " stand by, "
        << it.min_active << " at least" << (it.comes_back ? ", comes back" : "")
        << (it.ejects ? ", ejects" : "");
  out << '\n';
}

void print_bulkhead(std::ostream& out, const plan& where, size_t index) {
  auto& it = where.bulkheads[index];
  out << "bulkhead b" << index << " of " << it.capacity << ", "
      << it.reserved_for_critical << " reserved, queue " << it.queue << " for "
      << bulwark::to_text(it.queue_timeout) << ", " << to_string(it.overflow)
      << ", " << to_string(it.order);
  if (it.fair)
    out << ", fair";
  for (auto& [tenant, weight] : it.weights)
    out << ", " << tenant << " weighs " << weight;
  if (it.rate)
    out << ", " << it.rate->rate << " per " << bulwark::to_text(it.rate->period)
        << " burst " << it.rate->burst
        << (it.rate_per_tenant ? " per tenant" : "") << " waits "
        << bulwark::to_text(it.rate_wait);
  out << ':';
  for (auto& each : where.services)
    if (each.bulkhead == index)
      out << ' ' << each.name;
  out << '\n';
}

void print_work(std::ostream& out, const work& it) {
  out << ' ' << (it.request ? "" : "send-") << to_string(it.kind);
  if (it.priority != bulwark::call_priority::normal)
    out << '-' << bulwark::to_string(it.priority);
  auto call = call_of(it);
  for (auto& each : {call.tenant, call.key})
    if (!each.empty())
      out << '-' << each;
  if (it.idempotent)
    out << "-idempotent";
  if (it.survives)
    out << "-survives";
  if (it.other != none)
    out << "-to-" << it.other << '-' << to_string(it.then)
        << (it.then_idempotent ? "-idempotent" : "");
  if (it.patience > milliseconds{0})
    out << "-for-" << it.patience.count() << "ms";
}

void print_loan(std::ostream& out, const loan& it) {
  out << ' ' << it.amount << ' ' << bulwark::to_string(it.priority) << ", says "
      << it.wait.count() << "ms, waits " << it.patience.count()
      << "ms, keeps it for " << it.keeps.count() << "ms";
}

} // namespace

work work_of_other(const work& what) {
  work result{what.then, true, what.then_takes, what.priority, what.tenant};
  result.idempotent = what.then_idempotent;
  return result;
}

bulwark::call_options call_of(const work& what) {
  auto named = [](char prefix, uint8_t number) {
    return number == 0 ? std::string{} : prefix + std::to_string(number);
  };
  return {.key = named('k', what.key),
          .priority = what.priority,
          .idempotent = what.idempotent,
          .tenant = named('t', what.tenant)};
}

std::string to_text(const plan& where, const act& what) {
  std::ostringstream out;
  out << to_string(what.what);
  if (what.node != none)
    out << ' ' << where.nodes[what.node].id;
  switch (what.what) {
  case verb::pass:
    out << ' ' << what.time.count() << "ms";
    break;
  case verb::flood:
    out << " client " << what.client << " to "
        << where.services[what.service].name << ':';
    for (auto& each : what.works)
      print_work(out, each);
    break;
  case verb::crash:
    out << ' ' << to_string(what.how);
    break;
  case verb::spoil:
    out << " starts " << to_string(what.next.starts) << " stops "
        << to_string(what.next.stops) << " takes " << what.next.takes.count()
        << "ms";
    break;
  case verb::change_limits:
    out << ' ' << what.limits.intensity << '/'
        << bulwark::to_text(what.limits.period);
    break;
  case verb::change_restart:
    out << " limit " << what.restart.intensity << '/'
        << bulwark::to_text(what.restart.period);
    break;
  case verb::resize:
    out << " b" << what.bulkhead << " to " << what.capacity << ", "
        << what.reserved << " reserved";
    break;
  case verb::isolate:
    out << " b" << what.bulkhead << ' ' << bulwark::to_string(what.level);
    break;
  case verb::drain:
    out << " b" << what.bulkhead;
    break;
  case verb::borrow:
    out << " b" << what.bulkhead << " client " << what.client << ':';
    print_loan(out, what.wanted);
    break;
  case verb::drain_gate:
  case verb::stop_gate:
    out << ' ' << where.services[what.service].name;
    break;
  default:
    break;
  }
  if (what.jobs != none)
    out << "; then " << what.jobs << " jobs";
  return out.str();
}

std::string to_text(const plan& what) {
  std::ostringstream out;
  out << "seed " << what.seed << '\n';
  for (auto& each : what.nodes) {
    out << each.path;
    if (each.parent != none)
      print_child(out, each);
    if (each.supervisor)
      print_supervisor(out, each);
    out << '\n';
  }
  for (auto& each : what.services)
    print_service(out, each);
  for (size_t i = 0; i < what.bulkheads.size(); ++i)
    print_bulkhead(out, what, i);
  out << what.clients << " clients" << (what.drains ? ", drains" : "")
      << (what.gates_first ? ", gates first" : "") << '\n';
  return out.str();
}

std::string to_string(verb what) {
  constexpr const char* names[] = {
    "pass",           "flood",         "crash",     "spoil",   "unstick",
    "assail",         "terminate",     "restart",   "remove",  "add",
    "change_restart", "change_limits", "resize",    "isolate", "drain",
    "borrow",         "drain_gate",    "stop_gate",
  };
  return names[static_cast<size_t>(what)];
}

std::string to_string(work_kind what) {
  constexpr const char* names[] = {
    "echo",  "later", "nothing", "error",   "never", "poison", "quit",
    "leave", "hang",  "fall",    "hand_on", "ask",   "trip",
  };
  return names[static_cast<size_t>(what)];
}

std::string to_string(ending how) {
  constexpr const char* names[] = {
    "exception", "stop_rule", "escalate_rule", "error",
    "killed",    "normal",    "shutdown",
  };
  return names[static_cast<size_t>(how)];
}

std::string to_string(manner::start how) {
  constexpr const char* names[] = {
    "good", "throws", "returns_null", "dies", "late", "never",
  };
  return names[static_cast<size_t>(how)];
}

std::string to_string(manner::stop how) {
  constexpr const char* names[] = {"prompt", "slow", "stubborn"};
  return names[static_cast<size_t>(how)];
}

} // namespace test::sim
