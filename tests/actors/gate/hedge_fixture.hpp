#pragma once

#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <stdexcept>

namespace test {

inline const bulwark::call_options may_repeat{.idempotent = true};

/// A gate notices what is due up to a millisecond late.
inline constexpr auto patience = std::chrono::milliseconds{50};
inline constexpr auto hedged_after = patience + std::chrono::milliseconds{1};

/// A service that answers when the test says so.
struct behind_hedges {
  explicit behind_hedges(service_plan plan = {}, size_t replicas = 2) {
    plan.hedge.extra = 1;
    if (plan.hedge.delay == bulwark::duration::zero()
        && plan.hedge.samples_min == 20)
      plan.hedge.delay = patience;
    plan.replicas = replicas;
    at = &fixture.work("w", plan);
  }

  auto ask(bulwark::call_options how = may_repeat) {
    return fixture.ask(at->handle(), how, keep_atom::value, 7);
  }

  auto& kept() { return fixture.room("w").kept; }
  auto& keepers() { return fixture.room("w").keepers; }
  size_t asked() { return kept().size(); }

  void answer(size_t index, int value) { fixture.deliver("w", index, value); }

  void fail(size_t index) {
    auto promise = kept().at(index);
    at_replica(index, [=](caf::event_based_actor*) mutable {
      promise.deliver(caf::make_error(caf::sec::runtime_error, "moody"));
    });
  }

  /// That attempt's replica dies of something else.
  void kill(size_t index) {
    at_replica(index, [](caf::event_based_actor*) {
      throw std::runtime_error{"elsewhere"};
    });
  }

  /// Nothing is left of any call.
  void check_clean() {
    CHECK(open_requests(at->gate) == 0);
    auto status = at->gate.status();
    CHECK(status.in_flight == 0);
    CHECK(status.waiting == 0);
  }

  gate_fixture fixture;
  const service* at = nullptr;

private:
  void at_replica(size_t index,
                  std::function<void(caf::event_based_actor*)> what) {
    caf::anon_send(keepers().at(index), task{std::move(what)});
    fixture.rig.run();
  }
};

} // namespace test
