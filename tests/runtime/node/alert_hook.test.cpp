// Whom alerts are told, in real processes and over real connections.

#include "runtime/http/server_fixture.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/node/detail/alert_hook.hpp>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using detail::alert_hook;
using detail::alert_hook_options;

namespace {

using clock_type = std::chrono::steady_clock;
using json = nlohmann::json;

alert_change change(const std::string& id, bool raised = true) {
  alert_change result;
  result.raised = raised;
  result.what.id = id;
  result.what.critical = true;
  result.what.words = "mttr_minutes is 20, above 15";
  result.what.figure = 20;
  result.what.since = wall_time{1795289400s};
  return result;
}

/// Fast, so that a test that repeats is short.
alert_hook_options quick() {
  alert_hook_options result;
  result.node = "alpha";
  result.gap = 1ms;
  result.retry_initial = 5ms;
  result.retry_max = 20ms;
  return result;
}

/// What arrived, and a way to wait for so much.
class arrivals {
public:
  void add(std::string what) {
    std::lock_guard guard{lock_};
    all_.push_back(std::move(what));
    times_.push_back(clock_type::now());
    changed_.notify_all();
  }

  std::vector<std::string> wait_for(size_t count) {
    std::unique_lock guard{lock_};
    changed_.wait_for(guard, 20s, [&] { return all_.size() >= count; });
    return all_;
  }

  std::vector<clock_type::time_point> times() {
    std::lock_guard guard{lock_};
    return times_;
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
  std::vector<clock_type::time_point> times_;
};

/// A server that takes alerts, but for the first few of them.
struct receiver {
  explicit receiver(size_t refusals = 0) : left(refusals) {}

  std::string url(const std::string& path = "/alerts") const {
    return "http://127.0.0.1:" + std::to_string(server.port) + path;
  }

  void answer(const http_request& request, const http_responder& respond) {
    got.add(request.method + " " + request.path + "\n" + request.body);
    if (left > 0) {
      --left;
      respond({.status = 503});
    } else {
      respond({.status = 204});
    }
  }

  size_t left;
  arrivals got;
  bulwark::test::running_server server{
    [this](const http_request& request, const http_responder& respond) {
      answer(request, respond);
    }};
};

std::string body_of(const std::string& told) {
  return told.substr(told.find('\n') + 1);
}

std::vector<std::string> lines_of(const std::filesystem::path& file,
                                  size_t count) {
  std::vector<std::string> result;
  for (auto end = clock_type::now() + 20s; clock_type::now() < end;) {
    result.clear();
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);)
      result.push_back(line);
    if (result.size() >= count)
      break;
    std::this_thread::yield();
  }
  return result;
}

} // namespace

TEST_CASE("an alert is one line of JSON", "[alert_hook]") {
  auto text = detail::to_json(change("threshold/slow"), "alpha");
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(json::parse(text)
        == json{{"id", "threshold/slow"},
                {"state", "raised"},
                {"severity", "critical"},
                {"figure", 20.0},
                {"words", "mttr_minutes is 20, above 15"},
                {"since", "2026-11-21T19:30:00.000Z"},
                {"node", "alpha"}});
  auto over = change("x", false);
  over.what.critical = false;
  over.what.words = "a \"quote\"\n";
  auto read = json::parse(detail::to_json(over, "b"));
  CHECK(read["state"] == "resolved");
  CHECK(read["severity"] == "medium");
  CHECK(read["words"] == "a \"quote\"\n");
}

TEST_CASE("command and address are both told", "[alert_hook]") {
  ::test::temp_folder folder;
  auto file = folder.path() / "told";
  receiver there;
  auto options = quick();
  options.command = "cat >> " + file.string();
  options.url = there.url("/a?b=c");
  alert_hook hook{options};
  hook.put(change("one"));
  auto told = there.got.wait_for(1);
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "POST /a\n" + detail::to_json(change("one"), "alpha"));
  CHECK(lines_of(file, 1) == std::vector<std::string>{[] {
          auto line = detail::to_json(change("one"), "alpha");
          line.pop_back();
          return line;
        }()});
}

TEST_CASE("an alert is told again until it is taken, under one id",
          "[alert_hook]") {
  receiver there{3};
  arrivals failures;
  auto options = quick();
  options.url = there.url();
  alert_hook hook{options};
  hook.on_failure([&](const std::string& words) { failures.add(words); });
  hook.put(change("one"));
  auto told = there.got.wait_for(4);
  hook.put(change("two"));
  told = there.got.wait_for(5);
  REQUIRE(told.size() == 5);
  for (size_t i = 0; i < 4; ++i)
    CHECK(json::parse(body_of(told[i]))["id"] == "one");
  // Taken: not told a fifth time.
  CHECK(json::parse(body_of(told[4]))["id"] == "two");
  // Of one alert, one complaint.
  CHECK(failures.wait_for(1)
        == std::vector<std::string>{there.url() + ": was answered 503"});
}

TEST_CASE("there is a gap between two calls", "[alert_hook]") {
  receiver there;
  auto options = quick();
  options.gap = 50ms;
  options.url = there.url();
  alert_hook hook{options};
  for (const auto* id : {"a", "b", "c", "d"})
    hook.put(change(id));
  REQUIRE(there.got.wait_for(4).size() == 4);
  auto times = there.got.times();
  CHECK(times[3] - times[0] >= 130ms);
}

TEST_CASE("a later change of an alert takes the place of one that waits",
          "[alert_hook]") {
  receiver there;
  auto options = quick();
  options.gap = 300ms;
  options.url = there.url();
  alert_hook hook{options};
  hook.put(change("first"));
  there.got.wait_for(1);
  hook.put(change("x"));
  hook.put(change("x", false));
  auto told = there.got.wait_for(2);
  REQUIRE(told.size() == 2);
  CHECK(json::parse(body_of(told[1]))["state"] == "resolved");
  hook.put(change("last"));
  told = there.got.wait_for(3);
  REQUIRE(told.size() == 3);
  CHECK(json::parse(body_of(told[2]))["id"] == "last");
}

TEST_CASE("no more alerts wait than the bound, and who is dropped is told",
          "[alert_hook]") {
  bulwark::test::kept_requests kept;
  bulwark::test::running_server server{kept.handler()};
  arrivals failures;
  auto options = quick();
  options.url = "http://127.0.0.1:" + std::to_string(server.port) + "/";
  alert_hook hook{options};
  hook.on_failure([&](const std::string& words) { failures.add(words); });
  hook.put(change("running"));
  auto running = kept.take();
  for (size_t i = 0; i < alert_hook::waiting_max; ++i)
    hook.put(change("n" + std::to_string(i)));
  CHECK(failures.wait_for(0).empty());
  hook.put(change("too many"));
  CHECK(failures.wait_for(1).back()
        == "too many alerts wait; too many is not told");
  // A change of one that waits has a place.
  hook.put(change("n7", false));
  CHECK(failures.wait_for(1).size() == 1);
  SECTION("also one that was not taken") {
    running({.status = 500});
    auto told = failures.wait_for(3);
    REQUIRE(told.size() == 3);
    CHECK(told[1] == options.url + ": was answered 500");
    CHECK(told[2] == "too many alerts wait; running is not told");
  }
  SECTION("and all that wait are told") {
    running({.status = 200});
    for (size_t i = 0; i < alert_hook::waiting_max; ++i)
      kept.take()({.status = 200});
    CHECK(failures.wait_for(1).size() == 1);
  }
}

TEST_CASE("where nobody is there an alert is told later", "[alert_hook]") {
  arrivals failures;
  auto options = quick();
  {
    // A port that was free a moment ago.
    receiver gone;
    options.url = gone.url();
  }
  alert_hook hook{options};
  hook.on_failure([&](const std::string& words) { failures.add(words); });
  hook.put(change("one"));
  auto told = failures.wait_for(1);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::StartsWith(options.url + ": "));
}

TEST_CASE("a command that fails is told of, and called again", "[alert_hook]") {
  ::test::temp_folder folder;
  auto file = folder.path() / "told";
  arrivals failures;
  auto options = quick();
  options.command = "echo x >> " + file.string() + "; test $(wc -l < "
                    + file.string() + ") -ge 3";
  alert_hook hook{options};
  hook.on_failure([&](const std::string& words) { failures.add(words); });
  hook.put(change("one"));
  CHECK(lines_of(file, 3).size() == 3);
  CHECK(failures.wait_for(1)
        == std::vector<std::string>{"the command ended with code 1"});
}

TEST_CASE("the end of a hook waits for nobody", "[alert_hook]") {
  bulwark::test::kept_requests kept;
  bulwark::test::running_server server{kept.handler()};
  auto options = quick();
  options.time_limit = 1h;
  auto of = GENERATE(as<std::string>{}, "command", "url");
  CAPTURE(of);
  ::test::temp_folder folder;
  auto file = folder.path() / "runs";
  if (of == "command")
    options.command = "echo x > " + file.string() + "; sleep 1000";
  else
    options.url = "http://127.0.0.1:" + std::to_string(server.port) + "/";
  auto hook = std::make_unique<alert_hook>(options);
  hook->put(change("one"));
  std::vector<http_responder> asked;
  if (of == "command")
    lines_of(file, 1);
  else
    asked.push_back(kept.take());
  auto began = clock_type::now();
  hook = nullptr;
  CHECK(clock_type::now() - began < 5s);
}
