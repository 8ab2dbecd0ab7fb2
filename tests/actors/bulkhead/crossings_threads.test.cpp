// Goal: crossings are told once each, in their order, and the last one told is
// where the use is in the end, however many threads take and give back.

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/events/detail/event_inbox.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;

namespace {

std::string field(const event& what, const std::string& name) {
  for (const auto& [key, value] : what.metadata)
    if (key == name)
      return value;
  return "";
}

} // namespace

TEST_CASE("crossings from many threads are told in their order",
          "[bulkhead][threads]") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto inbox =
    std::make_shared<detail::event_inbox>(system, [] { return wall_time{}; });
  inbox->open(self->address());
  detail::bulkhead_core core{system,
                             "all_or_nothing",
                             {.capacity = 1, .warning = 1.0, .critical = 1.0},
                             emitter{inbox}};
  auto& account = *core.lasting_account("orders");
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (int round = 0; round < 600; ++round)
        if (core.try_take(account, 1, call_priority::normal))
          core.give(account, 1, 0);
    });
  for (auto& each : threads)
    each.join();
  REQUIRE(inbox->take_dropped().changes == 0);
  std::map<std::string, std::string> last{{"warning", "down"},
                                          {"critical", "down"}};
  size_t out_of_order = 0;
  size_t told = 0;
  inbox->take_all([&](const event& each) {
    auto& before = last[field(each, "threshold")];
    auto now = field(each, "direction");
    out_of_order += now == before ? 1 : 0;
    before = now;
    ++told;
  });
  CHECK(told > 100);
  CHECK(out_of_order == 0);
  CHECK(last["warning"] == "down");
  CHECK(last["critical"] == "down");
  CHECK(core.use() == 0);
}
