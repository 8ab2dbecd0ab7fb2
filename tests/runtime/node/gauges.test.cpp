#include "support/closed_door.hpp"

#include <bulwark/process/detail/process_usage.hpp>
#include <bulwark/process/detail/run_queue_probe.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <stdlib.h>
#include <time.h>

#include <fstream>
#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::process_usage;
namespace fs = std::filesystem;

namespace {

/// A tree of control groups as the kernel shows it.
struct groups {
  fs::path root = make();

  static fs::path make() {
    auto pattern = (fs::temp_directory_path() / "bulwark.XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    return pattern;
  }

  ~groups() { fs::remove_all(root); }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream{root / file} << text;
  }

  process_usage usage() const { return process_usage{root, root / "fs"}; }
};

duration thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec}
         + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace

TEST_CASE("CPU time that is burnt is seen", "[gauges]") {
  process_usage usage;
  time_point start{1h};
  CHECK(usage.cpu(start) == 0);
  auto end = thread_time() + 100ms;
  while (thread_time() < end) {
  }
  // As if it had been within 100 ms: all of one processor.
  auto share = usage.cpu(start + 100ms);
  CHECK(share * usage.processors() >= 1);
  CHECK(usage.cpu(start + 100ms) == 0);
  CHECK(usage.cpu(start + 50ms) == 0);
}

TEST_CASE("memory that is used is seen", "[gauges]") {
  constexpr size_t size = 64 << 20;
  process_usage usage;
  auto before = usage.memory();
  CHECK(before > 0);
  std::vector<char> taken(size, 'x');
  CHECK((usage.memory() - before) * usage.memory_limit() > 0.8 * size);
  CHECK(taken.back() == 'x');
}

TEST_CASE("the narrowest of all limits of control groups counts", "[gauges]") {
  groups it;
  it.write("self/cgroup", "4:memory:/x\n0::/app/web\n");
  auto all = process_usage{}.memory_limit();
  CHECK(it.usage().processors()
        == process_usage{"/none", "/none"}.processors());
  CHECK(it.usage().memory_limit() == all);
  it.write("fs/app/web/cpu.max", "max 100000\n");
  it.write("fs/app/cpu.max", "50000 100000\n");
  it.write("fs/app/web/memory.max", "1048576\n");
  it.write("fs/app/memory.max", "2097152\n");
  it.write("fs/memory.max", "max\n");
  CHECK(it.usage().processors() == 0.5);
  CHECK(it.usage().memory_limit() == 1048576);
  it.write("self/statm", "1000 64 1 1 0 1 0\n");
  CHECK(it.usage().memory()
        == 64.0 * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576);
}

TEST_CASE("what the kernel does not tell is no limit and no use", "[gauges]") {
  groups it;
  it.write("self/cgroup", GENERATE("", "0::", "0::/../other\n", "rubbish"));
  it.write("fs/cpu.max", GENERATE("", "max", "-5 100", "5 0", "x y"));
  it.write("fs/memory.max", GENERATE("", "max", "-1", "0", "x"));
  it.write("other/cpu.max", "1 100000");
  auto usage = it.usage();
  CHECK(usage.processors() >= 1);
  CHECK(usage.memory_limit() == process_usage{}.memory_limit());
  CHECK(usage.memory() == 0);
}

TEST_CASE("jobs wait as long as all threads are taken", "[gauges][threads]") {
  caf::actor_system_config config;
  config.set("scheduler.max-threads", 2);
  caf::actor_system sys{config};
  auto door = std::make_shared<test::closed_door>();
  detail::run_queue_probe probe{sys};
  std::vector<caf::actor> guests;
  for (int i = 0; i < 2; ++i)
    guests.push_back(sys.spawn([door] { door->wait(); }));
  REQUIRE(door->await(2));
  time_point start{1h};
  CHECK(probe.look(start) == 0s);
  CHECK(probe.look(start + 5s) == 5s);
  CHECK(probe.look(start + 30s) == 30s);
  door->release();
  // As long as it really took from there on.
  auto waited = duration{30s};
  auto end = std::chrono::steady_clock::now() + 20s;
  while (waited >= 30s && std::chrono::steady_clock::now() < end) {
    waited = probe.look(start + 30s);
    std::this_thread::yield();
  }
  CHECK(waited < 20s);
}
