#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Cases for a comparison with Erlang/OTP: the same tree of supervisors goes
// through the same script here and in OTP's own `supervisor`, which
// otp_peer.escript drives, and the two histories must be equal line by line.
//
// # Text of a case
//
// Words with one space between, one item per line, in this order:
//
//     case <number>
//     with reports                                    (may be left out)
//     supervisor <id> <parent> <restart> <weight> <strategy> <intensity>
//       <period in seconds> <auto shutdown>             (all on one line)
//     worker <id> <parent> <restart> <weight> [<shutdown>]
//     template - <parent> <restart> <weight> [<shutdown>]
//     do <action>
//     end
//
// - The tree is listed in pre-order. `root` comes first, its parent is `-`;
//   the children of a supervisor start in the order of their lines. Ids are
//   unique in the tree.
// - restart: permanent, transient, temporary. weight: plain, significant.
//   strategy: one_for_one, one_for_all, rest_for_one, simple_one_for_one.
//   auto shutdown: never, any_significant, all_significant.
// - A simple_one_for_one supervisor has a template and no other children; its
//   instances come from `do start`.
// - shutdown: `brutal_kill` or a number of milliseconds. Who has none may take
//   for ever to stop.
//
// # Actions
//
// A supervisor that an action asks is the parent of the id, wherever the id
// was declared. Each action ends with one outcome: `ok`, `noproc` when the
// worker or the supervisor that it needs does not run, or one of OTP's
// errors.
//
//     exit <worker> <class>                 it ends by itself like that
//     fail_start <worker> <n>               its next n start attempts fail
//     die_during <worker> <other> <class>   see below
//     terminate <id>                        supervisor:terminate_child
//     restart <id>                          supervisor:restart_child
//     delete <id>                           supervisor:delete_child
//     start worker <id> <parent> <restart> <weight> [<shutdown>]
//                                           supervisor:start_child
//     ignore_start <worker> <n>             its next n start functions say
//                                           `ignore`
//     deaf <worker>                         it does not end when it is told to
//     wait <milliseconds>
//     count <supervisor>                    supervisor:count_children
//     spec <id>                             supervisor:get_childspec
//
// The last five are for named cases; none is made from seeds.
//
// - class: normal, shutdown, error (any other reason), kill (ended from
//   outside with `kill`, which nobody can trap).
// - fail_start counts every attempt, whoever makes it; two of them add up.
// - die_during arms a trap: the next time that `other`, a worker or a
//   supervisor, is started by their common supervisor, `worker` ends with that
//   class, before `other` is up and before it is known whether that start
//   fails. The supervisor is in the middle of its start function then, so that
//   it learns of the end when it has done all it was doing. An attempt while
//   the supervisor itself is being started, from its own attempt to its own
//   `start` line, leaves the trap armed. A trap whose worker does not run is
//   used up and does nothing. Of several traps, those armed first go first.
// - The errors: not_found, running, already_started, already_present,
//   simple_one_for_one (restart and delete there), `failed` for a start
//   function that failed, and `refused` for a spec that is none. OTP's
//   `restarting` cannot be met, as an error or a state, because every action
//   begins and ends in quiet.
// - On a simple_one_for_one supervisor, terminate goes by the process id of
//   the latest incarnation, where OTP answers `ok` when that is dead already:
//   `not_found` is for an instance that was never up.
// - An id that starts twice has the same words both times. Instances of a
//   template never start twice.
//
// # History
//
//     case <number>
//     start <id>                  up; a supervisor after its children are
//     start_failed <id>           a start attempt that failed; of a supervisor
//                                 after the children it had are stopped
//     refused <id>                the same, because of what it was told to be
//     ignored <id>                a start function said `ignore`
//     stop <id> <class>           a worker that its supervisor told to end, or
//                                 ended by `kill`
//     end <id> <class>            a worker that ended by `exit` or a trap; that
//                                 of a trap before `other` is up or has failed
//     sup_down <id> <class>       a supervisor that had been up has ended,
//                                 by itself or because it was told to
//     report <what> <id>          what the supervisor reported, `with reports`
//     result <action> <outcome>
//     state <id>=<state> ...
//
// - First comes the start of the tree, with a `state` at its end. Then each
//   action leaves what happened because of it until the tree was quiet again,
//   a `result` and a `state`. Quiet is when no child is dead and unnoticed or
//   being restarted, and no supervisor has anything left to do.
// - `result stop root ok` is the last: root is told to end by `shutdown`.
// - When root ends before that, the action that it happened in still gets its
//   `result` and its `state`, where all is absent; the later ones and
//   `stop root` leave nothing at all.
// - A state is `running`; `undefined`, known to its supervisor and not running;
//   or `absent`, not known to its supervisor, or that does not run itself. All
//   ids are listed, in pre-order; those that only `start` knows come after
//   their siblings of the tree, in the order of the script.
// - Instances of a template are told to end together: `stop` lines in a row of
//   one supervisor's instances are sorted in the order of the state.
// - Reports come last in what an action left. They are OTP's child_terminated,
//   start_error and shutdown_error of a child, and `shutdown` of a supervisor
//   that is beyond its intensity. Who had ended by itself when it was to stop
//   is child_terminated here, and shutdown_error there. What fails to start
//   because somebody has asked for it is not reported there; ours, an event, is
//   left out.
namespace test::otp {

enum class restart_strategy : uint8_t {
  one_for_one,
  one_for_all,
  rest_for_one,
  simple_one_for_one,
};

enum class restart_type : uint8_t { permanent, transient, temporary };

enum class auto_shutdown : uint8_t { never, any_significant, all_significant };

enum class exit_class : uint8_t { normal, shutdown, error, kill };

enum class node_kind : uint8_t { supervisor, worker, instance_template };

/// A supervisor or a worker of the tree, or what all workers of a
/// simple_one_for_one supervisor are made from.
struct node {
  node_kind kind = node_kind::worker;

  /// `-` for a template.
  std::string id;

  /// `-` for the root.
  std::string parent;

  restart_type restart = restart_type::permanent;
  bool significant = false;

  /// Of a worker or a template: how long it may take to stop, 0 for not at
  /// all; nothing for ever.
  std::optional<uint32_t> shutdown_ms = {};

  // Of a supervisor:
  restart_strategy strategy = restart_strategy::one_for_one;
  uint32_t intensity = 0;
  uint32_t period_s = 3600;
  auto_shutdown on_significant = auto_shutdown::never;

  friend bool operator==(const node&, const node&) = default;
};

enum class verb : uint8_t {
  exit,
  fail_start,
  die_during,
  terminate_child,
  restart_child,
  delete_child,
  start_child,
  ignore_start,
  deaf,
  wait,
  count,
  spec,
};

struct action {
  verb what = verb::exit;

  /// The child, or the id of `spec`; the supervisor of `count`.
  std::string id = {};

  /// Of die_during: whose start sets it off.
  std::string other = {};

  /// Of exit and die_during.
  exit_class how = exit_class::normal;

  /// Of fail_start and ignore_start; the milliseconds of wait.
  uint32_t times = 0;

  /// Of start_child.
  std::optional<node> spec = {};

  friend bool operator==(const action&, const action&) = default;
};

struct peer_case {
  uint64_t number = 0;

  /// What supervisors report is part of the history.
  bool reports = false;

  /// In pre-order, the root first.
  std::vector<node> tree;

  std::vector<action> script;

  friend bool operator==(const peer_case&, const peer_case&) = default;
};

std::string to_text(const action& item);
std::string to_text(const peer_case& item);

/// What was read, or what cannot be read.
struct parsed_cases {
  std::vector<peer_case> cases;

  /// Empty when all could be read; `cases` is then complete.
  std::string complaint;
};

/// Reads what `to_text` wrote, any number of cases.
[[nodiscard]] parsed_cases parse(std::string_view text);

/// Returns what the rules above have against a case, or nothing.
[[nodiscard]] std::optional<std::string> validate(const peer_case& item);

/// Returns the node or the started worker of that name, or nullptr.
const node* find_node(const peer_case& item, std::string_view id);

} // namespace test::otp
