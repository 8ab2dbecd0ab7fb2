#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/supervision/exit_class.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervision/supervisor_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace test::sim {

using std::chrono::milliseconds;

/// As an index: there is none.
inline constexpr size_t none = std::numeric_limits<size_t>::max();

/// How a child ends by itself.
enum class ending : uint8_t {
  exception,
  /// An exception whose rule says: leave the child down.
  stop_rule,
  /// An exception whose rule says: the supervisor fails.
  escalate_rule,
  error,
  killed,
  normal,
  shutdown,
};

/// How one incarnation behaves at its start and at its end.
struct manner {
  enum class start : uint8_t { good, throws, returns_null, dies, late, never };

  enum class stop : uint8_t { prompt, slow, stubborn };

  start starts = start::good;
  stop stops = stop::prompt;

  /// Of `late` and `slow`: how long it takes.
  milliseconds takes{0};
};

/// A supervisor or a worker.
struct node {
  bool supervisor = false;

  /// Index of its supervisor; of the root, `none`.
  size_t parent = none;

  std::string id;
  std::string path;

  // As a child.
  bulwark::restart_options restart;
  bulwark::limit_action on_limit = bulwark::limit_action::cool_down;
  bool significant = false;
  bulwark::duration ready_within = std::chrono::seconds{1};
  bool reports_ready = false;

  /// 0: it may get stuck for as long as it likes.
  bulwark::duration hung_after{0};

  /// Not there from the start: an operator may start it.
  bool dynamic = false;

  /// The service that it supervises, or is a replica of; and which one.
  size_t service = none;
  uint8_t replica = 0;

  // Of a supervisor.
  bulwark::restart_strategy strategy = bulwark::restart_strategy::one_for_one;
  bulwark::auto_shutdown on_significant = bulwark::auto_shutdown::never;
  bulwark::supervisor_options limits;
  bulwark::duration abandon_after = std::chrono::seconds{1};
  size_t min_healthy = 0;
};

/// What stands behind one gate.
struct service {
  std::string name;
  size_t supervisor = none;
  size_t replicas = 1;
  bulwark::gate_options gate;

  /// The compartment that its work is done in.
  size_t bulkhead = none;

  /// So many of the replicas, the last ones, stand by while as many of the
  /// others are good as are to be; and those that were active at first come
  /// back. Whether those get nothing that answer with errors.
  size_t standby = 0;
  size_t min_active = 1;
  bool comes_back = false;
  bool ejects = false;

  bool grouped() const { return standby > 0 || ejects; }
};

/// What a replica does with a message.
enum class work_kind : uint8_t {
  /// Answers at once, or later.
  echo,
  later,
  /// Answers with nothing, with an error, or never.
  nothing,
  error,
  never,
  /// Ends.
  poison,
  quit,
  leave,
  /// Gets stuck in its handler.
  hang,
  /// Throws when it has made its promise.
  fall,
  /// Hands the message on to another service, which answers.
  hand_on,
  /// Asks another service, and answers when that has, or throws then.
  ask,
  trip,
};

struct work {
  work_kind kind = work_kind::echo;
  bool request = true;

  /// Of `later`: how much.
  milliseconds takes{0};

  // What its client says about it; 0: nothing.
  bulwark::call_priority priority = bulwark::call_priority::normal;
  uint8_t tenant = 0;
  uint8_t key = 0;
  bool idempotent = false;

  /// The client waits no longer for its answer; 0: as long as it takes.
  milliseconds patience{0};

  /// Of those that throw: a rule says to resume.
  bool survives = false;

  /// Of `hand_on`, `ask` and `trip`: what another service is to do.
  size_t other = none;
  work_kind then = work_kind::echo;
  milliseconds then_takes{0};
  bool then_idempotent = false;
};

/// Returns what the other service is asked for.
work work_of_other(const work& what);

/// Returns what a client puts before the message.
bulwark::call_options call_of(const work& what);

enum class verb : uint8_t {
  pass,
  flood,
  crash,
  spoil,
  unstick,
  assail,
  terminate,
  restart,
  remove,
  add,
  change_restart,
  change_limits,

  // To a bulkhead.
  resize,
  isolate,
  drain,
  borrow,

  // To a gate, for good.
  drain_gate,
  stop_gate,
};

/// What somebody wants of a bulkhead's actor.
struct loan {
  uint64_t amount = 1;
  bulwark::call_priority priority = bulwark::call_priority::normal;

  /// Says that it waits so long, and waits so long; 0: as long as it takes.
  milliseconds wait{0};
  milliseconds patience{0};

  /// How long it keeps what it got.
  milliseconds keeps{0};
};

/// One disturbance.
struct act {
  verb what = verb::pass;

  /// Whom it concerns: a node, or a client and a service.
  size_t node = none;
  size_t client = none;
  size_t service = none;

  /// Of `pass`.
  milliseconds time{0};

  /// Of `flood`.
  std::vector<work> works = {};

  /// Of `crash`.
  ending how = ending::exception;

  /// Of `spoil`: its next start.
  manner next = {};

  /// Of `change_restart` and `change_limits`.
  bulwark::restart_options restart = {};
  bulwark::supervisor_options limits = {};

  /// Of `resize`, `isolate` and `drain`: of which bulkhead, and to what.
  size_t bulkhead = none;
  uint64_t capacity = 0;
  uint64_t reserved = 0;
  bulwark::isolation level = bulwark::isolation::none;

  /// Of `borrow`: of that bulkhead, too.
  loan wanted = {};

  /// How many jobs run before the next act; `none`: all there are.
  size_t jobs = none;
};

/// A tree and what happens to it. Follows from the seed alone.
///
/// Immutable after construction.
struct plan {
  uint64_t seed = 0;

  /// Parents before children, siblings in the order of their starts.
  std::vector<node> nodes;
  std::vector<service> services;
  std::vector<bulwark::bulkhead_options> bulkheads;
  size_t clients = 1;
  std::vector<act> acts;

  /// What clients send right before everything is stopped.
  std::vector<act> last;

  /// How it ends: whether gates are drained first, and whether the gates are
  /// stopped before the supervisors.
  bool drains = false;
  bool gates_first = false;
};

/// Returns the plan of a seed.
plan make_plan(uint64_t seed);

/// Tenants and keys are numbered from 1 up to these.
inline constexpr uint8_t tenants = 3;
inline constexpr uint8_t keys = 3;

std::string to_text(const plan& what);
std::string to_text(const plan& where, const act& what);
std::string to_string(verb what);
std::string to_string(work_kind what);
std::string to_string(ending how);
std::string to_string(manner::start how);
std::string to_string(manner::stop how);

} // namespace test::sim
