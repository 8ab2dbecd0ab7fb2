#pragma once

#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_options.hpp>

#include <caf/scheduler/test_coordinator.hpp>

#include <memory>
#include <optional>
#include <string>

namespace test {

/// Where memory runs out.
struct shortage {
  /// Where allocations are counted: while the gate takes a request in, in the
  /// gate's own turns, or while a reply passes the gate.
  enum class place { entrance, turns, exit };

  place where = place::entrance;

  /// The first allocation that fails, and whether all fail that follow.
  int first = 0;
  bool all = false;
};

/// What a request finds at its gate.
struct scene {
  std::string name;

  /// What its client says about it, if anything.
  std::optional<bulwark::call_options> call = {};

  /// Nobody waits for an answer.
  bool plain = false;

  /// The gate has this compartment. Busy: all its permits are in use.
  std::optional<bulwark::bulkhead_options> bulkhead = {};
  bool busy = false;

  /// No replica is up yet.
  bool closed = false;

  /// The service never answers.
  bool silent = false;

  /// Nobody is, but another node's gate.
  bool peer = false;

  bulwark::gate_options options = {};
};

/// A gate with one replica and no supervisor, some of whose allocations fail
/// while it carries one request.
///
/// Confined to one thread.
class memory_fixture {
public:
  memory_fixture(const scene& what, shortage when);
  memory_fixture(const memory_fixture&) = delete;
  memory_fixture& operator=(const memory_fixture&) = delete;
  ~memory_fixture();

  /// Whether anything failed.
  bool failed() const { return failed_; }

  /// What became of the request; nothing of one that is a plain send.
  const reply<int>* asked() const { return asked_.get(); }

  /// Lets what it waited for come, all limits pass, and says what the gate
  /// still holds then: nothing is the empty text.
  std::string left_over();

  /// Whether the gate still serves: the answer to another request.
  bool next_passes();

private:
  void open();
  void run();
  void make_gate();
  void request();
  template <class... Ts>
  std::shared_ptr<const reply<int>> ask(const caf::actor& to, Ts... xs);

  const scene scene_;
  const shortage when_;
  gate_fixture fixture_;
  client client_;
  bulwark::bulkhead pool_;
  bulwark::gate gate_;
  bulwark::gate other_;
  caf::actor entrance_;
  std::shared_ptr<const reply<int>> asked_;
  bool failed_ = false;

  /// Allocations in the gate's turns so far.
  int seen_ = 0;
};

} // namespace test
