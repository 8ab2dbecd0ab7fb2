#include <bulwark/gate/detail/slot.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

// What stands behind the door is written without any other protection: under
// TSan somebody inside after "closed, and nobody holds it" is a race.

using bulwark::slot;
using bulwark::slot_guard;

namespace {

/// A replica as those who forward see it: both numbers are the same.
struct replica {
  int64_t one = 0;
  int64_t two = 0;
};

} // namespace

TEST_CASE("nobody is inside once a closed door is not held",
          "[slot][threads]") {
  // Few threads have lanes of their own, many share some.
  auto threads = GENERATE(3, 14);
  constexpr int64_t lives = 500;
  slot door;
  replica behind;
  std::atomic<bool> over{false};
  std::atomic<int64_t> entered{0};
  std::atomic<int64_t> torn{0};
  auto forward = [&] {
    while (!over) {
      if (!door.enter()) {
        std::this_thread::yield();
        continue;
      }
      {
        slot_guard guard{door};
        torn += behind.one != behind.two;
        ++entered;
      }
      door.work_back();
    }
  };
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i)
    all.emplace_back(forward);
  int64_t before = 0;
  for (int64_t life = 1; life <= lives; ++life) {
    // A gate holds the door while it hands over what waited, then opens it.
    door.hold();
    {
      slot_guard guard{door};
      door.open();
    }
    // Some lives last until somebody came, others end at once.
    while (life % 8 == 0 && entered == before)
      std::this_thread::yield();
    door.close();
    while (door.held())
      std::this_thread::yield();
    before = entered;
    ++behind.one;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    ++behind.two;
  }
  over = true;
  for (auto& thread : all)
    thread.join();
  CHECK(torn == 0);
  CHECK(entered >= lives / 8);
  CHECK_FALSE(door.held());
  CHECK(door.load() == 0);
}
