#include <bulwark/containers/detail/run_claim.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

// A scheduler of three threads and an observer without any patience race for a
// few actors. What an actor does is written without any other protection:
// under TSan two inside at once are a race.

using bulwark::run_claim;

namespace {

/// An actor as the scheduler sees it: a count of messages for a mailbox, and
/// flags for its place in the queue and in the list.
class model {
public:
  void send() {
    if (mailbox_.fetch_add(1) == 0)
      schedule();
  }

  /// Takes the entry out of the queue, if there is one.
  void work(std::atomic<int64_t>& runs) {
    if (entries_.exchange(0) == 0 || !claim_.begin())
      return;
    ++runs;
    run();
  }

  void observe(std::atomic<int64_t>& runs) {
    if (!listed_.load())
      return;
    using sight = run_claim::sight;
    // Off the list first: from the look on it can be put there again.
    listed_ = false;
    auto seen = claim_.look();
    if (seen == sight::fresh)
      listed_ = true;
    if (seen != sight::taken)
      return;
    ++runs;
    run();
  }

  int64_t waiting() const { return mailbox_.load(); }
  int64_t handled() const { return handled_.load(); }
  int64_t told() const { return told_; }

  /// Whether two were inside, or one found nothing to do.
  bool wrong() const { return wrong_; }

  /// Whether the queue or the list held two entries.
  bool crowded() const { return crowded_; }

private:
  void schedule() {
    auto [push, watch] = claim_.schedule();
    if (push && entries_.fetch_add(1) != 0)
      crowded_ = true;
    if (watch && listed_.exchange(true))
      crowded_ = true;
  }

  void run() {
    auto waiting = mailbox_.load();
    wrong_ = wrong_ || inside_.exchange(true) || waiting <= 0;
    told_ += waiting;
    handled_ += waiting;
    inside_ = false;
    // What came meanwhile is for the next run, as at the end of a turn.
    if (mailbox_.fetch_sub(waiting) != waiting)
      schedule();
  }

  run_claim claim_;
  std::atomic<int64_t> mailbox_{0};
  std::atomic<int> entries_{0};
  std::atomic<bool> listed_{false};
  std::atomic<bool> inside_{false};
  std::atomic<bool> wrong_{false};
  std::atomic<bool> crowded_{false};
  std::atomic<int64_t> handled_{0};
  int64_t told_ = 0;
};

} // namespace

TEST_CASE("whoever claims a run is alone in it, and none is left out",
          "[run_claim][threads]") {
  constexpr int64_t messages = 400;
  std::array<model, 3> actors;
  std::atomic<bool> over{false};
  std::atomic<int64_t> by_scheduler{0};
  std::atomic<int64_t> by_observer{0};
  std::atomic<int64_t> sent{0};
  std::vector<std::thread> runners;
  for (int i = 0; i < 3; ++i)
    runners.emplace_back([&] {
      // Mostly late, or the observer would find nothing.
      for (int turn = 0; !over; ++turn) {
        if (turn % 8 == 0)
          for (auto& each : actors)
            each.work(by_scheduler);
        std::this_thread::yield();
      }
    });
  runners.emplace_back([&] {
    while (!over)
      for (auto& each : actors)
        each.observe(by_observer);
  });
  std::vector<std::thread> senders;
  for (int i = 0; i < 2; ++i)
    senders.emplace_back([&] {
      // Few ahead, so that they are scheduled again and again; and until both
      // have had turns, which on a busy machine takes longer.
      for (int64_t n = 0; n < messages || by_scheduler == 0 || by_observer == 0;
           ++n)
        for (auto& each : actors) {
          each.send();
          ++sent;
          while (each.waiting() > 2)
            std::this_thread::yield();
        }
    });
  for (auto& each : senders)
    each.join();
  auto sent_to_each = sent / static_cast<int64_t>(actors.size());
  for (const auto& each : actors)
    while (each.handled() < sent_to_each)
      std::this_thread::yield();
  over = true;
  for (auto& each : runners)
    each.join();
  for (const auto& each : actors) {
    CHECK(each.told() == sent_to_each);
    CHECK_FALSE(each.wrong());
    CHECK_FALSE(each.crowded());
  }
  CHECK(by_scheduler > 0);
  CHECK(by_observer > 0);
}
