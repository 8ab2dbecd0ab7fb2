#pragma once

#include "actors/pool/manual_threads.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/pool/detail/thread_pool_actor.hpp>

#include <caf/all.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace test {

/// A thread pool in virtual time, its threads in the hands of the test, and
/// clients that give it tasks.
///
/// Confined to one thread.
class thread_fixture {
public:
  explicit thread_fixture(bulwark::worker_options options = {},
                          bulwark::bulkhead_options permits = {.queue = 100},
                          caf::message_handler handler = {});
  thread_fixture(const thread_fixture&) = delete;
  thread_fixture& operator=(const thread_fixture&) = delete;

  /// Stops the pool, then the monitor.
  ~thread_fixture();

  /// Has an actor of that name ask for it.
  template <class... Ts>
  void ask(const std::string& who, Ts... what) {
    answers.erase(who);
    caf::anon_send(client(who), caf::make_message(std::move(what)...), true);
    rig.run();
  }

  /// Has it send the same, without waiting for an answer.
  template <class... Ts>
  void tell(const std::string& who, Ts... what) {
    caf::anon_send(client(who), caf::make_message(std::move(what)...), false);
    rig.run();
  }

  /// Does one job, and what follows from it. Returns false if there is none.
  bool do_one();

  void settle() {
    rig.run();
    while (do_one())
      continue;
  }

  void kill(const std::string& who);

  bool lives(const std::string& who);

  /// The actor of that name.
  caf::actor client(const std::string& who);

  /// Returns what it got: a number, an error in words, or "-".
  std::string answer(const std::string& who) const;

  bulwark::thread_counts counts();

  /// What was sent in vain.
  bulwark::dead_letter_list dead_letters();

  uint64_t permits_in_use() const { return compartment.core()->use(); }

  /// Events as text, without the node.
  std::vector<std::string> history() const;

  deterministic_system rig;
  manual_threads threads;
  bulwark::bulkhead compartment;
  caf::actor pool;
  bulwark::dead_letter_actor letters;
  std::map<std::string, std::string> answers;
  std::vector<bulwark::event> events;

private:
  bulwark::running_monitor monitor_;
  std::map<std::string, caf::actor> clients_;
};

} // namespace test
