#include "simulation/borrower.hpp"
#include "simulation/child.hpp"
#include "simulation/client.hpp"
#include "simulation/rig.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <caf/all.hpp>

#include <utility>

// What happens to the tree.

namespace test::sim {

using namespace std::chrono_literals;

void rig::play() {
  start_root();
  run(chance_() % 2 == 0 ? none : chance_() % 40);
  for (auto& each : plan_.acts) {
    if (broken())
      break;
    perform(each);
    run(each.jobs);
  }
  make_peace();
  close();
}

void rig::note(fact what, size_t count) {
  stage_.book.add({.what = what, .count = count});
}

void rig::run(size_t jobs) {
  system_.run_seeded(chance_, jobs);
  if (jobs == none)
    look_at_gates();
}

void rig::look_at_gates() {
  for (size_t i = 0; i < gates_.size(); ++i) {
    auto status = gates_[i].status();
    if (status.group)
      stage_.book.add({.what = fact::ejected,
                       .service = i,
                       .count = status.group->ejected_components});
    stage_.book.add(
      {.what = fact::open, .service = i, .count = status.replicas_up});
    look_at_drained(i);
  }
  for (size_t i = 0; i < bulkheads_.size(); ++i)
    look_at_bulkhead(i);
}

/// As an operator does who waits for the end of a drain.
void rig::look_at_drained(size_t index) {
  auto status = gates_[index].status();
  if (!draining_[index] || status.in_flight + status.waiting > 0)
    return;
  draining_[index] = false;
  stage_.book.add({.what = fact::emptied, .service = index});
}

void rig::look_at_bulkhead(size_t index) {
  entry line{.what = fact::permits};
  auto& now = line.permits;
  now.bulkhead = index;
  bulkheads_[index].core()->read_table([&](const bulwark::permit_table& book) {
    now.use = book.counter().use();
    now.peak = book.counter().peak();
    now.waiting = book.waiting();
    for (const auto& account : book.accounts())
      now.consumed += account.use();
    return 0;
  });
  if (now == seen_[index])
    return;
  seen_[index] = now;
  stage_.book.add(std::move(line));
}

void rig::pass(bulwark::duration time) {
  system_.advance_seeded(time, chance_);
  look_at_gates();
}

void rig::perform(const act& what) {
  stage_.book.add({.what = fact::acted, .cause = &what});
  switch (what.what) {
  case verb::pass:
    return pass(what.time);
  case verb::flood:
    return flood(what);
  case verb::crash:
    return crash(what);
  case verb::spoil:
    spoiled_[what.node].push_back(what.next);
    return;
  case verb::unstick:
    return free_stuck();
  case verb::assail:
    return assail(what);
  case verb::resize:
  case verb::isolate:
  case verb::drain:
    return steer(what);
  case verb::borrow:
    return borrow(what);
  case verb::drain_gate:
    draining_[what.service] = true;
    return gates_[what.service].drain();
  case verb::stop_gate:
    return gates_[what.service].stop();
  default:
    return give_order(what);
  }
}

void rig::flood(const act& what) {
  for (auto& each : what.works) {
    message_name name{what.client, ++sent_[what.client]};
    caf::anon_send(clients_[what.client], errand{gates_[what.service].handle(),
                                                 {name, each, what.service}});
  }
}

void rig::crash(const act& what) {
  auto who = caf::actor_cast<caf::actor>(handles_[what.node]);
  if (!who)
    return;
  if (what.how == ending::killed)
    caf::anon_send_exit(who, caf::exit_reason::kill);
  else
    caf::anon_send(who, end_like{what.how});
}

/// What anyone can send; it must not matter.
void rig::assail(const act& what) {
  auto attack = [](const caf::actor& who) {
    caf::anon_send_exit(who, caf::exit_reason::kill);
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    caf::anon_send(who, std::string{"what is that"});
  };
  if (plan_.nodes[what.node].supervisor && handles_[what.node])
    attack(caf::actor_cast<caf::actor>(handles_[what.node]));
  for (auto& each : gates_)
    caf::anon_send_exit(each.handle(), caf::exit_reason::kill);
}

void rig::give_order(const act& what) {
  auto of = what.what == verb::change_limits ? what.node
                                             : plan_.nodes[what.node].parent;
  auto supervisor = caf::actor_cast<caf::actor>(handles_[of]);
  if (!supervisor)
    return;
  caf::anon_send(operator_,
                 order{supervisor, words_of(what), what.node, &what});
}

void rig::steer(const act& what) {
  auto& to = bulkheads_[what.bulkhead].handle();
  caf::anon_send(operator_, order{to, words_of(what), none, &what});
}

void rig::borrow(const act& what) {
  caf::anon_send(borrowers_[what.client],
                 loan_errand{bulkheads_[what.bulkhead].handle(), &what});
}

caf::message rig::words_of(const act& what) {
  switch (what.what) {
  case verb::resize:
    return caf::make_message(
      bulwark::resize_bulkhead{what.capacity, what.reserved});
  case verb::isolate:
    return caf::make_message(
      bulwark::isolate_bulkhead{what.level, "the plan says so"});
  case verb::drain:
    return caf::make_message(bulwark::drain_bulkhead{"the plan says so"});
  default:
    break;
  }
  auto& it = plan_.nodes[what.node];
  switch (what.what) {
  case verb::terminate:
    return caf::make_message(bulwark::terminate_child{it.id});
  case verb::restart:
    return caf::make_message(bulwark::restart_child{it.id});
  case verb::remove:
    return caf::make_message(bulwark::delete_child{it.id});
  case verb::change_restart:
    return caf::make_message(bulwark::change_restart{it.id, what.restart});
  case verb::change_limits:
    return caf::make_message(bulwark::change_limits{what.limits});
  default:
    break;
  }
  if (plan_.nodes[it.parent].strategy
      != bulwark::restart_strategy::simple_one_for_one)
    return caf::make_message(bulwark::start_child{spec(what.node)});
  return caf::make_message(
    bulwark::start_instance{caf::make_message(what.node), it.id});
}

void rig::free_stuck() {
  for (auto& each : std::exchange(stage_.stuck, {}))
    each();
}

/// No more mischief, and time for all that goes on to end: deadlines, cool
/// downs, also of supervisors, and whatever they lead to.
void rig::make_peace() {
  note(fact::calm);
  stage_.calm = true;
  for (auto& each : spoiled_)
    each.clear();
  free_stuck();
  run();
  pass(30s);
  note(fact::quiet);
  look_at_books();
}

void rig::look_at_books() {
  for (size_t i = 0; i < gates_.size(); ++i) {
    auto status = gates_[i].status();
    stage_.book.add({.what = fact::books,
                     .service = i,
                     .count = gates_[i].core()->open_requests()
                              + status.in_flight + status.waiting});
  }
  for (size_t i = 0; i < bulkheads_.size(); ++i) {
    seen_[i] = {};
    look_at_bulkhead(i);
  }
}

void rig::close() {
  for (auto& each : plan_.last)
    perform(each);
  // Nobody had time to answer; some has not even been sent.
  system_.run_seeded(chance_, chance_() % 60);
  note(fact::closing);
  auto stop_gates = [&] {
    for (auto& each : gates_)
      each.stop();
  };
  if (plan_.drains)
    for (auto& each : gates_)
      each.drain();
  if (plan_.gates_first)
    stop_gates();
  bulwark::stop(caf::actor_cast<caf::actor>(handles_[0]));
  run(chance_() % 20);
  pass(10s);
  if (!plan_.gates_first)
    stop_gates();
  pass(10s);
  note(fact::stopped);
  look_at_books();
  for (auto& each : bulkheads_)
    each.stop();
  stage_.gates.clear();
  handles_.assign(handles_.size(), nullptr);
  for (auto& each : clients_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  for (auto& each : borrowers_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(operator_, caf::exit_reason::user_shutdown);
  bulwark::stop(monitor_.handle);
  bulwark::stop(of_groups_.handle);
  run();
  note(fact::closed, system_.actors_running());
}

} // namespace test::sim
