#include <bulwark/log/detail/line_writer.hpp>
#include <bulwark/log/event_log.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <future>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <signal.h>
#include <unistd.h>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// A pipe whose far end is read on request only.
class pipe_end {
public:
  pipe_end() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    read_ = ends[0];
    write_ = ends[1];
  }

  ~pipe_end() {
    close_write();
    close_read();
  }

  int descriptor() const { return write_; }

  void close_write() { close_once(write_); }

  void close_read() { close_once(read_); }

  /// Reads until the end.
  std::vector<std::string> lines() {
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
      auto n = ::read(read_, buffer.data(), buffer.size());
      if (n <= 0)
        break;
      text.append(buffer.data(), static_cast<size_t>(n));
    }
    std::vector<std::string> result;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
      result.push_back(line);
    return result;
  }

private:
  static void close_once(int& descriptor) {
    if (descriptor >= 0)
      ::close(descriptor);
    descriptor = -1;
  }

  int read_ = -1;
  int write_ = -1;
};

log_options options_for(const pipe_end& pipe) {
  log_options options;
  options.node = "alpha";
  options.now = [] { return wall_time{}; };
  options.descriptor = pipe.descriptor();
  return options;
}

event numbered(size_t number, severity level = severity::info) {
  event what;
  what.kind = event_kind::child_started;
  what.level = level;
  what.node = "alpha";
  what.with("number", std::to_string(number));
  return what;
}

size_t count_in(const std::string& line) {
  return std::stoul(line.substr(line.find("count=") + 6));
}

} // namespace

TEST_CASE("lines are written in order", "[log]") {
  pipe_end pipe;
  {
    event_log log{options_for(pipe)};
    for (size_t i = 0; i < 100; ++i)
      log.write(numbered(i));
  }
  pipe.close_write();
  auto lines = pipe.lines();
  REQUIRE(lines.size() == 100);
  for (size_t i = 0; i < lines.size(); ++i)
    CHECK(lines[i]
          == "1970-01-01T00:00:00.000Z INFO  alpha child_started number="
               + std::to_string(i));
}

TEST_CASE("a line arrives although no other follows", "[log]") {
  pipe_end pipe;
  event_log log{options_for(pipe)};
  auto reader = std::async(std::launch::async, [&] { return pipe.lines(); });
  log.write(numbered(1));
  log.close();
  pipe.close_write();
  CHECK(reader.get().size() == 1);
}

TEST_CASE("lines below the level are left out", "[log]") {
  pipe_end pipe;
  auto options = options_for(pipe);
  options.level = log_level::warn;
  {
    event_log log{options};
    log.write(numbered(1, severity::info));
    log.write(numbered(2, severity::low));
    log.write(numbered(3, severity::critical));
  }
  pipe.close_write();
  auto lines = pipe.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find("number=2") != std::string::npos);
  CHECK(lines[1].find("number=3") != std::string::npos);
}

TEST_CASE("a reader that sleeps blocks nobody, and what is lost is counted",
          "[log]") {
  pipe_end pipe;
  auto options = options_for(pipe);
  options.queue_max = 64;
  options.close_patience = 20s;
  constexpr size_t written = 20'000;
  event_log log{options};
  for (size_t i = 0; i < written; ++i)
    log.write(numbered(i));
  auto reader = std::async(std::launch::async, [&] { return pipe.lines(); });
  log.close();
  pipe.close_write();
  size_t seen = 0;
  size_t dropped = 0;
  for (const auto& line : reader.get()) {
    if (line.find("alpha log_dropped component=node/alpha count=")
        != std::string::npos)
      dropped += count_in(line);
    else
      ++seen;
  }
  CHECK(dropped > 0);
  CHECK(seen + dropped == written);
}

TEST_CASE("failures and recoveries are the last lines to be dropped", "[log]") {
  pipe_end pipe;
  auto options = options_for(pipe);
  options.queue_max = 1000;
  options.close_patience = 20s;
  constexpr size_t failures = 400;
  event_log log{options};
  for (size_t i = 0; i < failures; ++i) {
    auto failed = numbered(i, severity::high);
    failed.kind =
      i % 2 == 0 ? event_kind::child_failed : event_kind::child_restarted;
    log.write(failed);
    for (size_t flood = 0; flood < 100; ++flood)
      log.write(numbered(flood));
  }
  auto reader = std::async(std::launch::async, [&] { return pipe.lines(); });
  log.close();
  pipe.close_write();
  std::vector<size_t> seen;
  size_t dropped = 0;
  for (const auto& line : reader.get()) {
    if (line.find("log_dropped") != std::string::npos)
      dropped += count_in(line);
    if (line.find("child_failed") != std::string::npos
        || line.find("child_restarted") != std::string::npos)
      seen.push_back(std::stoul(line.substr(line.find("number=") + 7)));
  }
  CHECK(dropped > 0);
  REQUIRE(seen.size() == failures);
  for (size_t i = 0; i < failures; ++i)
    CHECK(seen[i] == i);
}

// The line with the count was lost with others, and its count with it: 2 were
// told of 18,926.
TEST_CASE("the loss of a line that tells of lost lines counts for them all",
          "[log]") {
  pipe_end pipe;
  detail::line_writer writer{pipe.descriptor()};
  writer.hurry(0s);
  // Nobody reads: the pipe takes 64 KiB.
  std::string line(4000, 'x');
  for (int i = 0; i < 100; ++i)
    writer.add(line);
  writer.flush();
  auto lost = writer.take_lost();
  CHECK(lost > 80);
  writer.add("log_dropped count=18926", 18'926);
  writer.add(line);
  writer.flush();
  CHECK(writer.take_lost() == 18'927);
  CHECK(writer.take_lost() == 0);
}

TEST_CASE("closing does not wait for ever when nobody reads", "[log]") {
  pipe_end pipe;
  auto options = options_for(pipe);
  options.close_patience = 100ms;
  event_log log{options};
  for (size_t i = 0; i < 5000; ++i)
    log.write(numbered(i));
  auto start = std::chrono::steady_clock::now();
  log.close();
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  log.write(numbered(0));
}

TEST_CASE("a reader that has gone ends neither log nor process", "[log]") {
  auto before = ::signal(SIGPIPE, SIG_IGN);
  pipe_end pipe;
  pipe.close_read();
  {
    event_log log{options_for(pipe)};
    for (size_t i = 0; i < 100; ++i)
      log.write(numbered(i));
  }
  ::signal(SIGPIPE, before);
  SUCCEED();
}

TEST_CASE("lines of many threads stay whole", "[log]") {
  pipe_end pipe;
  auto options = options_for(pipe);
  options.queue_max = 100'000;
  auto reader = std::async(std::launch::async, [&] { return pipe.lines(); });
  {
    event_log log{options};
    std::vector<std::thread> threads;
    for (size_t t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (size_t i = 0; i < 2000; ++i)
          log.write(numbered(t * 10'000 + i));
      });
    for (auto& thread : threads)
      thread.join();
  }
  pipe.close_write();
  auto lines = reader.get();
  CHECK(lines.size() == 8000);
  for (const auto& line : lines)
    REQUIRE(line.find("1970-01-01T00:00:00.000Z INFO  alpha child_started "
                      "number=")
            == 0);
}
