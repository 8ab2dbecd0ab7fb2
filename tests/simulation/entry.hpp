#pragma once

#include "simulation/plan.hpp"

#include <bulwark/errors/errc.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/supervision/child_state.hpp>
#include <bulwark/time/time.hpp>

#include <memory>
#include <string>

namespace test::sim {

/// What happened, as seen by children, clients, operators and those who get
/// events; never what a supervisor or a gate has in its own books.
enum class fact : uint8_t {
  /// The schedule did something.
  acted,

  // Of a child, by itself or by whoever started it.
  /// Its start function was called. `threw`: that failed.
  born,
  threw,
  /// It takes messages. Of a supervisor: all of its children were started.
  ready,
  /// It saw that it is to end.
  told_to_end,
  handled,
  /// It is done with what it handled.
  done,
  /// What it was at for a message throws.
  raised,
  /// It does not come back from its handler. `unstuck`: it does.
  stuck,
  unstuck,
  ended,

  /// `child_spec::on_change` was called.
  changed,

  // Of a client: sent something, waits no more for the answer, got its answer,
  // got a further answer, got what a plain send gave. Of a child that asks
  // another service, too; what it hands on it has only asked for.
  asked,
  forsaken,
  answered,
  answered_again,
  echoed,

  // Of an operator: gave an order, got its answer.
  ordered,
  obeyed,

  // The same of a bulkhead.
  steered,
  heeded,

  // Of who asks a bulkhead for permits: asked, got them, did not, gave them
  // back, or does not wait any more.
  begged,
  lent,
  unlent,
  repaid,
  gave_up,

  /// The monitor got an event.
  event,

  // All mischief is over; all had time enough since; all is being stopped;
  // all was stopped, and had time enough; nothing is left.
  calm,
  quiet,
  closing,
  stopped,
  closed,

  /// What a gate has on its books when all is quiet, and to how many replicas
  /// it lets requests in, whenever nobody has anything left to do.
  books,
  open,

  /// How many replicas of a group are ejected, before `open`.
  ejected,

  /// What is in use of a bulkhead, at the same times.
  permits,

  /// A gate that drains has nothing on its books any more.
  emptied,
};

/// Names a message: who sent it, and which of its messages, from 1. What
/// another service is asked for to that end is named by which it is, from 1.
struct message_name {
  size_t client = none;
  uint64_t number = 0;
  uint64_t part = 0;

  /// The one that its client sent.
  message_name whole() const { return {client, number}; }

  friend auto operator<=>(const message_name&, const message_name&) = default;
};

/// Of a bulkhead: in use now and at most so far, by all its consumers, waiting.
struct use_of_permits {
  size_t bulkhead = none;
  uint64_t use = 0;
  uint64_t peak = 0;
  uint64_t consumed = 0;
  uint64_t waiting = 0;

  friend bool operator==(const use_of_permits&,
                         const use_of_permits&) = default;
};

/// One line of the history.
struct entry {
  fact what = fact::acted;

  /// The child or supervisor it is about.
  size_t node = none;
  uint64_t incarnation = 0;

  /// handled, done, asked, answered, echoed.
  message_name message = {};
  size_t service = none;
  bool request = false;
  work task = {};

  /// changed: the new state, and whether it failed.
  bulwark::child_state state = bulwark::child_state::starting;
  bool failed = false;

  /// ended: how, and whether it was a supervisor beyond its limit.
  bulwark::exit_class how = bulwark::exit_class::normal;
  bool gave_up = false;

  /// answered, obeyed, heeded: an error of ours, or 0; whether it was any
  /// error.
  bulwark::errc code = {};
  bool refused = false;

  /// acted, of an operator's orders, and of who asks for permits: which; of
  /// those that change options, with what.
  const act* cause = nullptr;

  /// books: requests on the books, in flight and waiting; open and ejected:
  /// replicas;
  /// closed: actors that still run.
  size_t count = 0;

  use_of_permits permits = {};

  std::shared_ptr<const bulwark::event> event = {};
  std::string text = {};

  /// Filled in by the history.
  bulwark::time_point at = {};
};

std::string to_string(fact what);
std::string to_string(const message_name& what);
std::string to_string(bulwark::child_state state);
std::string to_text(const entry& what, const plan& where,
                    bulwark::time_point start);

} // namespace test::sim
