#include <bulwark/caf/detail/system_job.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <pthread.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// The scheduler's threads and the library's own race for system actors: on
// real threads, because it is threads that race. Delayed are the scheduler's
// by actors that spin: each for longer than the library is patient.

using namespace std::chrono_literals;
using bulwark::detail::system_job;

namespace {

constexpr size_t workers = 4;
constexpr size_t senders = 3;
constexpr auto hold = 12ms;

using spin_atom = caf::atom_constant<caf::atom("spin")>;
using end_atom = caf::atom_constant<caf::atom("end")>;

/// Returns whether this is one of the library's own threads.
bool on_backup_thread() {
  static thread_local const bool result = [] {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    return std::string_view{name.data()} == "bulwark.backup";
  }();
  return result;
}

/// What is counted over all actors of a test.
struct tally {
  std::atomic<int64_t> handled{0};
  std::atomic<int64_t> passed_on{0};
  std::atomic<int64_t> disordered{0};
  std::atomic<int64_t> not_alone{0};
  std::atomic<int64_t> by_backup{0};
  std::atomic<int64_t> by_scheduler{0};
  std::atomic<int64_t> destroyed{0};
};

/// Expects the numbers of each sender in their order, and passes every eighth
/// on to its neighbour.
class counter final : public system_job {
public:
  counter(caf::actor_config& config, tally& total)
    : system_job(config), total_(total) {}

  ~counter() override { ++total_.destroyed; }

  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;

protected:
  caf::behavior make_behavior() override {
    return {
      [this](uint32_t from, int64_t number) {
        total_.not_alone += inside_.exchange(true);
        ++(on_backup_thread() ? total_.by_backup : total_.by_scheduler);
        total_.disordered +=
          std::exchange(next_.at(from), number + 1) != number;
        if (next_to_it_ && number % 8 == 0)
          send(next_to_it_, number);
        inside_ = false;
        ++total_.handled;
      },
      [this](int64_t) { ++total_.passed_on; },
      [this](const caf::actor& other) { next_to_it_ = other; },
      [this](end_atom) {
        next_to_it_ = nullptr;
        quit();
      },
    };
  }

private:
  tally& total_;
  std::array<int64_t, senders> next_{};
  std::atomic<bool> inside_{false};
  caf::actor next_to_it_;
};

/// Holds the thread it is on, again and again, until `over`.
caf::behavior hog(caf::event_based_actor* self, const std::atomic<bool>* over) {
  return {[=](spin_atom spin) {
    using clock = std::chrono::steady_clock;
    auto end = clock::now() + hold;
    while (clock::now() < end && !*over) {
      // Held.
    }
    if (*over)
      self->quit();
    else
      self->send(self, spin);
  }};
}

struct config : caf::actor_system_config {
  config() {
    set("scheduler.max-threads", workers);
    // Turns that end with messages left are part of it.
    set("scheduler.max-throughput", size_t{5});
  }
};

/// Sends `messages` to each of `all`, few of them ahead of what was handled.
void send_storm(uint32_t me, const std::vector<caf::actor>& all,
                int64_t messages, const tally& total) {
  constexpr int64_t ahead = 2000;
  const auto share = static_cast<int64_t>(senders * all.size());
  for (int64_t n = 0; n < messages; ++n) {
    for (const auto& each : all)
      caf::anon_send(each, me, n);
    while (n * share > total.handled + ahead * share)
      std::this_thread::yield();
  }
}

} // namespace

TEST_CASE("a storm of messages to system actors is handled once and in order",
          "[system][storm][threads]") {
  constexpr int64_t messages = 120'000;
  constexpr size_t actors = 3;
  constexpr auto expected = static_cast<int64_t>(senders * actors) * messages;
  tally total;
  {
    std::atomic<bool> over{false};
    config settings;
    caf::actor_system system{settings};
    std::vector<caf::actor> all;
    for (size_t i = 0; i < actors; ++i)
      all.push_back(system.spawn<counter>(total));
    for (size_t i = 0; i < actors; ++i)
      caf::anon_send(all[i], all[(i + 1) % actors]);
    for (size_t i = 0; i < workers; ++i)
      caf::anon_send(system.spawn(hog, &over), spin_atom::value);
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < senders; ++i)
      threads.emplace_back([&, i] { send_storm(i, all, messages, total); });
    for (auto& each : threads)
      each.join();
    while (total.handled < expected)
      std::this_thread::yield();
    over = true;
    for (const auto& each : all)
      caf::anon_send(each, end_atom::value);
  }
  CHECK(total.handled == expected);
  CHECK(total.passed_on > expected / 16);
  CHECK(total.not_alone == 0);
  CHECK(total.disordered == 0);
  CHECK(total.by_backup > 0);
  CHECK(total.by_scheduler > 0);
  CHECK(total.destroyed == static_cast<int64_t>(actors));
}

TEST_CASE("system actors that end in a storm are destroyed",
          "[system][storm][threads]") {
  constexpr int64_t lives = 20'000;
  tally total;
  {
    std::atomic<bool> over{false};
    config settings;
    caf::actor_system system{settings};
    for (size_t i = 0; i < workers; ++i)
      caf::anon_send(system.spawn(hog, &over), spin_atom::value);
    for (int64_t n = 0; n < lives; ++n) {
      auto one = system.spawn<counter, caf::hidden>(total);
      caf::anon_send(one, uint32_t{0}, int64_t{0});
      caf::anon_send(one, end_atom::value);
    }
    while (total.handled < lives)
      std::this_thread::yield();
    over = true;
  }
  CHECK(total.handled == lives);
  CHECK(total.destroyed == lives);
}

TEST_CASE("an actor system ends with work in the hands of its backup threads",
          "[system][storm][threads]") {
  constexpr int64_t rounds = 100;
  tally total;
  for (int64_t n = 0; n < rounds; ++n) {
    std::atomic<bool> over{n % 2 == 0};
    config settings;
    caf::actor_system system{settings};
    for (size_t i = 0; i < workers; ++i)
      caf::anon_send(system.spawn(hog, &over), spin_atom::value);
    auto registered = system.spawn<counter>(total);
    auto hidden = system.spawn<counter, caf::hidden>(total);
    for (const auto& each : {registered, hidden}) {
      caf::anon_send(each, uint32_t{0}, int64_t{0});
      caf::anon_send(each, end_atom::value);
    }
    // What a peer's look-up by name leaves behind must not outlive the name.
    auto found = system.registry().get(caf::atom("StreamServ"));
    REQUIRE(found);
    system.registry().put(found->id(), found);
    REQUIRE_FALSE(system.registry().get(found->id()));
    found = nullptr;
    if (n % 4 == 1)
      while (total.by_backup == 0)
        std::this_thread::yield();
    over = true;
  }
  CHECK(total.destroyed == 2 * rounds);
}
