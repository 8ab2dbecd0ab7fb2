#include <bulwark/pool/connection_options.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

std::string complaint_of(const connection_options& options) {
  return validate(options).value_or("");
}

} // namespace

TEST_CASE("a pool's options are good by default", "[connection_options]") {
  CHECK(complaint_of({}) == "");
  CHECK(complaint_of({.min = 10}) == "");
  CHECK(complaint_of({.abandoned_max = 0}) == "");
  CHECK(complaint_of({.leak_after = 0s, .take_back_after = 1s}) == "");
}

TEST_CASE("a bad option of a pool is refused with field, value and rule",
          "[connection_options]") {
  CHECK(complaint_of({.max = 0})
        == "connections.max is 0; it must be at least 1 and at most 10000");
  CHECK(complaint_of({.min = 11})
        == "connections.min is 11; it must be at most connections.max, which "
           "is 10");
  CHECK(complaint_of({.wait = -1s})
        == "connections.wait is -1s; it must be 0ms or longer");
  CHECK(
    complaint_of({.opening_max = 0})
    == "connections.opening_max is 0; it must be at least 1 and at most 10000");
  CHECK(complaint_of({.open_timeout = 0s})
        == "connections.open_timeout is 0ms; it must be longer than 0ms");
  CHECK(complaint_of({.validate_timeout = 0s}) != "");
  CHECK(complaint_of({.close_timeout = 0s}) != "");
  CHECK(complaint_of({.backoff_initial = 0s}) != "");
  CHECK(complaint_of({.backoff_max = 1ms}) != "");
  CHECK(complaint_of({.backoff_jitter = 1.0}) != "");
  CHECK(complaint_of({.probe_after = 0s})
        == "connections.probe_after is 0ms; it must be longer than 0ms");
  CHECK(complaint_of({.validate_after = -1s}) != "");
  CHECK(complaint_of({.idle_max = 0s}) != "");
  CHECK(complaint_of({.age_max = 0s}) != "");
  CHECK(complaint_of({.age_jitter = -0.1}) != "");
  CHECK(complaint_of({.leak_after = -1s}) != "");
  CHECK(complaint_of({.take_back_after = -1s}) != "");
}
