// Emits events of two origins into a journal, as fast as it takes them, until
// it is killed:
//
//   journal_storm PATH [AHEAD]
//
// AHEAD events are on their way to the disk at most, 1000 if it is not given.
// Prints the boot, each durable number of its own boot, each hundredth number
// with the time of the steady clock when it was appended, and each state:
//
//   boot=1796000000000000
//   emitted=100 at=123456789
//   durable=87
//   state=behind

#include <bulwark/journal/journal.hpp>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>

#include <unistd.h>

namespace {

using namespace bulwark;

struct happening {
  event_kind kind;
  const char* component;
};

// In turn; all that the ledger counts is among them.
constexpr std::array happenings{
  happening{event_kind::service_started, "/root/orders"},
  happening{event_kind::child_started, "/root/orders/orders#1"},
  happening{event_kind::failure_reported, "disk/3"},
  happening{event_kind::child_failed, "/root/orders/orders#1"},
  happening{event_kind::service_down, "/root/orders"},
  happening{event_kind::node_lost, "node/gamma"},
  happening{event_kind::threshold_crossed, "/root/bulkheads/orders"},
  happening{event_kind::child_restarted, "/root/orders/orders#1"},
  happening{event_kind::node_joined, "node/gamma"},
  happening{event_kind::service_up, "/root/orders"},
  happening{event_kind::recovery_reported, "disk/3"},
};

void say(const std::string& line) {
  // At once and as a whole, or a kill would keep it.
  auto text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0)
    ::_exit(1);
}

/// The highest durable number of a boot.
class durable_number {
public:
  void move(uint64_t upto) {
    say("durable=" + std::to_string(upto));
    std::lock_guard guard{lock_};
    upto_ = upto;
    changed_.notify_all();
  }

  void await(uint64_t upto) {
    std::unique_lock guard{lock_};
    changed_.wait(guard, [&] { return upto_ >= upto; });
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  uint64_t upto_ = 0;
};

wall_time wall_now() {
  return std::chrono::time_point_cast<wall_time::duration>(
    std::chrono::system_clock::now());
}

void storm(journal& store, uint64_t boot, durable_number& durable,
           uint64_t ahead_max) {
  auto began = std::chrono::steady_clock::now();
  auto booted = wall_now();
  for (uint64_t i = 1;; ++i) {
    auto now = std::chrono::steady_clock::now();
    const auto& [kind, component] = happenings[i % happenings.size()];
    event what;
    what.kind = kind;
    what.component = component;
    what.reason.assign(i % 300, 'x');
    what.node = "alpha";
    what.boot = boot;
    what.sequence = i;
    what.booted = booted;
    what.uptime = now - began;
    what.at = wall_now();
    store.append(what);
    what.node = "beta";
    store.append(std::move(what));
    if (i % 100 == 0)
      say("emitted=" + std::to_string(i)
          + " at=" + std::to_string(now.time_since_epoch().count()));
    if (i % 1'000 == 0)
      store.sign_of_life(wall_now(), now - began);
    if (i > ahead_max)
      durable.await(i - ahead_max);
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3)
    return 64;
  try {
    journal store{{.path = argv[1], .node = "alpha"}};
    durable_number durable;
    auto boot = store.next_boot(wall_now());
    say("boot=" + std::to_string(boot));
    store.on_state([](journal_state state, const std::string&) {
      say("state=" + to_string(state));
    });
    store.on_durable([&](const std::vector<event_position>& moved) {
      for (const auto& known : moved)
        if (known.node == "alpha" && known.boot == boot)
          durable.move(known.upto);
    });
    storm(store, boot, durable, argc == 3 ? std::stoull(argv[2]) : 1'000);
  } catch (const std::exception& fault) {
    say(fault.what());
    return 1;
  }
}
