#include "support/deterministic_system.hpp"

#include <bulwark/gate/detail/waiting_line.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

// The waiting line of a gate, without an actor that serves it.

using namespace bulwark;
using namespace std::chrono_literals;
using detail::element_ptr;

namespace {

class line_fixture {
public:
  explicit line_fixture(gate_options limits = {}) : options(limits) {
    gate_ = rig.system().spawn([] { return caf::behavior{[](int) {}}; });
    auto handle = caf::actor_cast<caf::weak_actor_ptr>(gate_);
    out.set_handles(handle, handle);
    line.with_doors([](detail::doors& all) { all.declare_replicas(0, 2); });
  }

  ~line_fixture() {
    out.close();
    // Nobody ends the work whose entries have a handle of the gate.
    for (; waited_ > 0; --waited_)
      out.adopt_gate();
  }

  /// A message comes; returns why it cannot wait. With a key that is no
  /// number: none.
  std::optional<errc> come(int what, std::string key = {}) {
    call_options call{.key = std::move(key)};
    auto element = detail::make_plain_element(what);
    detail::passage way;
    way.id = table.acquire().value();
    detail::entrance by{nullptr, detail::id_of(*element), deadline, 0, &call};
    table.note(way.id, *element, by);
    if (!call.key.empty())
      line.join_key(way.id, call.key);
    auto why = line.try_wait(element, way, 10);
    went_ = element != nullptr && !why;
    waited_ += element == nullptr ? 1 : 0;
    return why;
  }

  /// Whether the last one that came may go at once.
  bool went() const { return went_; }

  /// A replica comes up: returns what it gets until its door opens.
  std::vector<int> up(uint8_t index, uint64_t incarnation = 1) {
    caf::strong_actor_ptr nobody;
    auto& slot = slots[index];
    if (!line.with_doors([&](detail::doors& all) {
          return all.occupy(slot, incarnation, nobody);
        }))
      return {};
    slot_guard hold{slot.door};
    return take(index, incarnation);
  }

  std::vector<int> take(uint8_t index, uint64_t incarnation = 1) {
    std::vector<int> result;
    for (;;) {
      auto share = line.take_for(index, incarnation);
      if (share.done)
        return result;
      while (auto what = share.going.pop_front()) {
        result.push_back(detail::content_of(*what).get_as<int>(0));
        line.confirm(detail::id_of(*what), true);
      }
    }
  }

  test::deterministic_system rig;
  const time_point deadline = rig.system().clock().now() + 1h;
  gate_options options;
  detail::gate_clock clock{rig.system()};
  detail::gate_reports reports{"g", {}, {}};
  detail::request_table table{{}, false};
  detail::slot_bank slots{least_loaded_of_two};
  detail::call_retries retries{"g", std::nullopt, {}};
  detail::protections protects{clock, {}, {}, "g"};
  detail::dispatch out{rig.system(), clock, reports};
  detail::waiting_line line{
    {rig.system(), clock, options, table, slots, retries, protects, out}};

private:
  caf::actor gate_;
  bool went_ = false;
  size_t waited_ = 0;
};

} // namespace

TEST_CASE("what waits goes to the first replica that comes up, in order",
          "[waiting_line]") {
  line_fixture at;
  for (int i = 1; i <= 3; ++i)
    CHECK_FALSE(at.come(i));
  CHECK(at.line.stand().waiting == 3);
  CHECK(at.up(1) == std::vector{1, 2, 3});
  CHECK(at.line.stand().replicas_up == 1);
  CHECK_FALSE(at.come(4));
  CHECK(at.went());
}

TEST_CASE("no more waits than the limits say", "[waiting_line]") {
  gate_options limits;
  limits.stash_messages = 2;
  line_fixture at{limits};
  CHECK_FALSE(at.come(1));
  CHECK_FALSE(at.come(2));
  CHECK(at.come(3) == errc::stash_full);
}

TEST_CASE("nothing waits where nobody comes", "[waiting_line]") {
  line_fixture at;
  CHECK_FALSE(at.come(1));
  at.line.with_doors([](detail::doors& all) {
    all.expected().expect_of_all(expected_state::failed);
  });
  CHECK(at.come(2) == errc::service_failed);
  auto [waiting, why] = at.line.take_hopeless();
  CHECK(why == errc::service_failed);
  CHECK(waiting.size() == 1);
  CHECK(at.line.end().empty());
  CHECK(at.come(3) == errc::stopped);
}

TEST_CASE("a key goes to one replica while it has work of it",
          "[waiting_line]") {
  line_fixture at;
  CHECK_FALSE(at.come(1, "ada"));
  CHECK_FALSE(at.come(2, "ada"));
  CHECK_FALSE(at.come(3, "bob"));
  CHECK(at.up(0) == std::vector{1, 2, 3});
  CHECK(at.up(1).empty());
  CHECK_FALSE(at.come(4, "ada"));
  CHECK(at.went()); // To the replica that has the others.
  at.line.with_doors([&](detail::doors& all) { all.close(at.slots[0], 1); });
  CHECK_FALSE(at.come(5, "ada"));
  CHECK_FALSE(at.went());
  CHECK_FALSE(at.come(6));
  CHECK(at.went());
}

TEST_CASE("an incarnation that has died gets nothing, and no open door",
          "[waiting_line]") {
  line_fixture at;
  CHECK_FALSE(at.come(1));
  auto died = [&](uint64_t incarnation) {
    return at.line.with_doors(
      [&](detail::doors& all) { return all.died(at.slots[0], incarnation); });
  };
  CHECK_FALSE(died(1)); // Before the gate came to it.
  CHECK(at.up(0, 1).empty());
  CHECK_FALSE(at.slots[0].door.is_open());
  CHECK(at.up(0, 2) == std::vector{1});
  CHECK(died(2));
  CHECK_FALSE(died(2));
  CHECK(at.line.stand().replicas_up == 0);
}

TEST_CASE("what came back goes before what came since", "[waiting_line]") {
  line_fixture at;
  at.up(0);
  auto what = detail::make_plain_element(1);
  auto id = at.table.acquire().value();
  detail::entrance by{nullptr, detail::id_of(*what), at.deadline, 0, nullptr};
  at.table.note(id, *what, by);
  at.slots[0].door.work_out();
  at.table.publish(id, {0, 1}, pending_state::active, 0);
  at.line.with_doors([&](detail::doors& all) { all.died(at.slots[0], 1); });
  CHECK_FALSE(at.come(2));
  detail::replica_end end;
  end.incarnation = 1;
  detail::element_chain left;
  detail::element_chain gone;
  left.push_back(std::move(what));
  CHECK(at.line.wait_again(end, std::move(left),
                           at.deadline.time_since_epoch().count(), gone));
  CHECK(gone.empty());
  CHECK(at.slots[0].door.load() == 0);
  CHECK(at.up(0, 2) == std::vector{1, 2});
}
