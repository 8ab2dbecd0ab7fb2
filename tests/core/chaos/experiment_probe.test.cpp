#include <bulwark/chaos/experiment_probe.hpp>
#include <bulwark/chaos/probe_window.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr time_point probe_start{1h};

std::string probe_complaint(const std::string& text) {
  experiment_probe out{"untouched"};
  auto wrong = read_probe(text, out);
  CHECK(out.name == "untouched");
  return wrong.value_or("none");
}

} // namespace

TEST_CASE("a probe is read as it is written", "[chaos]") {
  experiment_probe out;
  REQUIRE_FALSE(
    read_probe("shop POST /api/x every=20ms timeout=300ms {\"a\": 1}", out));
  CHECK(
    out
    == experiment_probe{"shop", "POST", "/api/x", "{\"a\": 1}", 20ms, 300ms});
  experiment_probe back;
  REQUIRE_FALSE(read_probe(to_string(out), back));
  CHECK(back == out);
  REQUIRE_FALSE(read_probe("shop GET /", out));
  CHECK(out == experiment_probe{"shop"});
}

TEST_CASE("a bad probe is refused with field, value and rule", "[chaos]") {
  CHECK(probe_complaint("shop get /")
        == "probe.method is get; it must be a word in capitals, such as GET");
  CHECK(probe_complaint("shop GET x")
        == "probe.path is x; it must be a path that begins with /");
  CHECK(probe_complaint("shop GET / every=1ms")
        == "probe.every is 1ms; it must be at least 5ms and at most 1m");
  CHECK(probe_complaint("shop GET / timeout=soon").find("probe.timeout is soon")
        == 0);
}

TEST_CASE("a window gives the share of good answers and their times",
          "[chaos]") {
  probe_window window;
  figure_readings out;
  for (int i = 1; i <= 100; ++i)
    window.add(i * 1ms, i > 20, probe_start);
  window.read("shop", probe_start, out);
  CHECK(out["shop.ok_percent"] == 80);
  CHECK(out["shop.p50_ms"] == 51);
  CHECK(out["shop.p99_ms"] == 100);
}

TEST_CASE("a window forgets, and says nothing out of too little", "[chaos]") {
  probe_window window;
  figure_readings out;
  for (int i = 0; i < 9; ++i)
    window.add(1ms, false, probe_start);
  window.read("shop", probe_start, out);
  CHECK(out.empty());
  for (int i = 0; i < 10; ++i)
    window.add(1ms, true, probe_start + 6s);
  window.read("shop", probe_start + 6s, out);
  CHECK(out["shop.ok_percent"] == 100);
  out.clear();
  window.read("shop", probe_start + 12s, out);
  CHECK(out.empty());
}

TEST_CASE("a window keeps no more answers than it may", "[chaos]") {
  probe_window window;
  for (size_t i = 0; i < probe_window::answers_max + 500; ++i)
    window.add(1ms, i >= 500, probe_start);
  figure_readings out;
  window.read("shop", probe_start, out);
  CHECK(out["shop.ok_percent"] == 100);
}
