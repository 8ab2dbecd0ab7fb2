// A server set a timer for each of the three deadlines that a request has, and
// ended it again: three system calls and wake-ups of the one thread that all
// connections share.
#include <bulwark/http/detail/moving_deadline.hpp>

#include <catch2/catch.hpp>

#include <memory>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::moving_deadline;

namespace {

// The timer is the operating system's, so time is real; nothing here is slower
// to be right on a busy machine than what it waits for.
struct watched {
  boost::asio::io_context io;
  moving_deadline deadline{io};
  time_point start = std::chrono::steady_clock::now();
  int calls = 0;

  void set(duration limit) {
    deadline.set(limit, [this] { ++calls; });
  }

  /// Runs until nothing is waited for; returns how many handlers ran.
  size_t run() {
    io.restart();
    return io.run();
  }

  bool after(duration length) const {
    return std::chrono::steady_clock::now() - start >= length;
  }
};

} // namespace

TEST_CASE("a deadline passes once, and not early", "[http][deadline]") {
  watched it;
  it.set(20ms);
  CHECK_FALSE(it.deadline.passed());
  it.run();
  CHECK(it.calls == 1);
  CHECK(it.deadline.passed());
  CHECK(it.after(20ms));
}

TEST_CASE("a deadline that is moved back passes then", "[http][deadline]") {
  watched it;
  it.set(10ms);
  it.set(60ms);
  CHECK(it.run() == 2);
  CHECK(it.calls == 1);
  CHECK(it.after(60ms));
}

TEST_CASE("a deadline that is moved forward passes then", "[http][deadline]") {
  watched it;
  it.set(1h);
  it.set(10ms);
  it.run();
  CHECK(it.calls == 1);
  CHECK_FALSE(it.after(1h));
}

TEST_CASE("moves that are not needed wake nobody", "[http][deadline]") {
  watched it;
  it.set(50ms);
  for (int i = 0; i < 1000; ++i) {
    it.deadline.clear();
    it.set(1h);
  }
  // Set for 50 ms, moved away; the next look is an hour later.
  CHECK(it.io.run_one() == 1);
  CHECK(it.io.poll() == 0);
  CHECK(it.calls == 0);
  it.deadline.cancel();
  it.run();
  CHECK(it.calls == 0);
}

TEST_CASE("a deadline that was cleared does not pass until it is set again",
          "[http][deadline]") {
  watched it;
  it.set(5ms);
  it.deadline.clear();
  it.run();
  CHECK(it.calls == 0);
  it.set(5ms);
  it.run();
  CHECK(it.calls == 1);
}

TEST_CASE("a cancelled deadline lets go of what it would call",
          "[http][deadline]") {
  watched it;
  auto kept = std::make_shared<int>(0);
  it.deadline.set(1h, [kept] {});
  it.deadline.cancel();
  it.run();
  CHECK(kept.use_count() == 1);
}

TEST_CASE("the longest of times is no deadline in the past",
          "[http][deadline]") {
  watched it;
  it.set(duration::max());
  CHECK(it.io.poll() == 0);
  CHECK(it.calls == 0);
  it.deadline.cancel();
  it.run();
}
