#pragma once

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <string>
#include <vector>

namespace test {

/// A manager, and bulkheads that it knows, in virtual time.
///
/// Confined to one thread.
class manager_fixture : public supervision_fixture {
public:
  explicit manager_fixture(
    bulwark::duration sample_every = std::chrono::seconds{10},
    size_t samples_max = 1000)
    : manager(rig.system(), {.sample_every = sample_every,
                             .samples_max = samples_max,
                             .now = [this] { return wall_now(); },
                             .events = monitor.events}) {
    rig.run();
  }

  ~manager_fixture() {
    manager.stop();
    rig.run();
    for (const auto& each : bulkheads_)
      each.stop();
    rig.run();
  }

  bulwark::wall_time wall_now() const {
    return bulwark::wall_time{
      std::chrono::duration_cast<std::chrono::microseconds>(
        rig.now().time_since_epoch())};
  }

  bulwark::bulkhead make(const std::string& name,
                         bulwark::bulkhead_options options) {
    bulkheads_.emplace_back(rig.system(), name, options, monitor.events);
    return bulkheads_.back();
  }

  bulwark::bulkhead add(const std::string& name,
                        bulwark::bulkhead_options options) {
    auto result = make(name, options);
    if (auto why = manager.add(result))
      throw std::runtime_error{bulwark::describe(why)};
    return result;
  }

  /// The seed's: 15 connections, 500 MB, and 20 threads unless said otherwise.
  void add_seeds_bulkheads(uint64_t threads = 20) {
    using kind = bulwark::bulkhead_kind;
    add("web_threads", {.kind = kind::thread_pool, .capacity = threads});
    add("db_connections", {.kind = kind::connection_pool, .capacity = 15});
    add("cache_memory", {.kind = kind::memory_pool, .capacity = 500});
  }

  /// Asks `who` and returns the error that is the answer.
  template <class... Ts>
  caf::error error_of(const caf::actor& who, Ts... question) {
    caf::scoped_actor self{rig.system()};
    auto asked = self->request(who, caf::infinite, std::move(question)...);
    rig.run();
    caf::error result;
    asked.receive([](caf::message&) { throw std::runtime_error{"a value"}; },
                  [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  uint64_t use_of(const std::string& bulkhead) const {
    return manager.stats(bulkhead)->current_usage;
  }

  bulwark::bulkhead_manager manager;

private:
  std::vector<bulwark::bulkhead> bulkheads_;
};

} // namespace test
