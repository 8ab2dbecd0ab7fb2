#include <bulwark/pool/detail/connection_table.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using act = connection_action;
using verdict = connection_verdict;

constexpr time_point t0{1h};

const char* name(act action) {
  constexpr const char* names[] = {"open",
                                   "validate",
                                   "close",
                                   "interrupt",
                                   "give",
                                   "refuse_late",
                                   "refuse_failed",
                                   "refuse_stopped",
                                   "abandon",
                                   "report_leak",
                                   "report_taken_back",
                                   "report_lost",
                                   "report_restored"};
  return names[static_cast<size_t>(action)];
}

/// "open 1, give 1 to 7"
std::string text(const connection_steps& steps) {
  std::string result;
  for (auto& each : steps) {
    result += result.empty() ? "" : ", ";
    result += name(each.action);
    if (each.connection != 0)
      result += " " + std::to_string(each.connection);
    if (each.want != 0)
      result += " to " + std::to_string(each.want);
  }
  return result;
}

/// A table whose connections 1..n are open and idle.
connection_table filled(connection_options options, size_t n,
                        bool can_interrupt = true) {
  options.opening_max = options.max;
  connection_table table{options, can_interrupt};
  for (uint64_t id = 1; id <= n; ++id)
    CHECK(text(table.want(1000 + id, t0 + 5s, t0))
          == "open " + std::to_string(id));
  for (uint64_t id = 1; id <= n; ++id)
    CHECK(table.opened(id, t0, 0).size() == 1);
  for (uint64_t id = 1; id <= n; ++id)
    CHECK(table.give_back(id, verdict::good, t0).empty());
  return table;
}

} // namespace

TEST_CASE("the first one who asks has a connection opened",
          "[connection_table]") {
  connection_table table{{}, true};
  CHECK(text(table.want(1, t0 + 5s, t0)) == "open 1");
  CHECK(text(table.opened(1, t0 + 3ms, 0)) == "give 1 to 1");
  CHECK(table.counts().leased == 1);
  CHECK(text(table.give_back(1, verdict::good, t0 + 5ms)) == "");
  CHECK(text(table.want(2, t0 + 5s, t0 + 6ms)) == "give 1 to 2");
}

TEST_CASE("the last one used is the first one given", "[connection_table]") {
  auto table = filled({}, 3);
  CHECK(text(table.want(1, t0 + 5s, t0)) == "give 3 to 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "give 2 to 2");
  CHECK(text(table.give_back(3, verdict::good, t0)) == "");
  CHECK(text(table.want(3, t0 + 5s, t0)) == "give 3 to 3");
}

TEST_CASE("no more are opened at once than may be, and never more than max",
          "[connection_table]") {
  connection_table table{{.max = 3, .opening_max = 2}, true};
  CHECK(text(table.want(1, t0 + 5s, t0)) == "open 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "open 2");
  CHECK(text(table.want(3, t0 + 5s, t0)) == "");
  CHECK(text(table.want(4, t0 + 5s, t0)) == "");
  CHECK(text(table.opened(1, t0, 0)) == "give 1 to 1, open 3");
  CHECK(text(table.opened(2, t0, 0)) == "give 2 to 2");
  CHECK(text(table.opened(3, t0, 0)) == "give 3 to 3");
  CHECK(text(table.give_back(2, verdict::good, t0)) == "give 2 to 4");
}

TEST_CASE("the least number of connections is kept open without anybody asking",
          "[connection_table]") {
  connection_table table{{.min = 2, .max = 5, .opening_max = 1}, true};
  CHECK(text(table.tick(t0, 0)) == "open 1");
  CHECK(text(table.opened(1, t0, 0)) == "open 2");
  CHECK(text(table.opened(2, t0, 0)) == "");
  CHECK(text(table.tick(t0 + 20min, 0)) == "");
  // Both are old now, and renewed.
  CHECK(text(table.tick(t0 + 30min, 0)) == "close 1, close 2, open 3");
}

TEST_CASE("one that was idle for long is validated before it is given",
          "[connection_table]") {
  auto table = filled({.max = 1}, 1);
  CHECK(text(table.want(1, t0 + 9s, t0 + 2s)) == "validate 1");
  CHECK(text(table.want(2, t0 + 9s, t0 + 2s)) == "");
  CHECK(text(table.validated(1, true, t0 + 2s)) == "give 1 to 1");
  CHECK(text(table.give_back(1, verdict::good, t0 + 3s)) == "give 1 to 2");
}

TEST_CASE("one found dead takes all idle ones with it", "[connection_table]") {
  auto table = filled({.max = 3}, 3);
  CHECK(text(table.want(1, t0 + 9s, t0 + 2s)) == "validate 3");
  CHECK(text(table.validated(3, false, t0 + 2s))
        == "close 3, close 1, close 2");
  CHECK(text(table.closed(1, t0 + 2s)) == "open 4");
  CHECK(text(table.opened(4, t0 + 2s, 0)) == "give 4 to 1");
  CHECK(table.counts().discarded == 1);
}

TEST_CASE("one that its user doubts is validated, and dies alone",
          "[connection_table]") {
  auto table = filled({.max = 2}, 2);
  CHECK(text(table.want(1, t0 + 9s, t0)) == "give 2 to 1");
  CHECK(text(table.give_back(2, verdict::suspect, t0)) == "");
  CHECK(text(table.want(2, t0 + 9s, t0)) == "validate 2");
  CHECK(text(table.validated(2, false, t0)) == "close 2, give 1 to 2");
}

TEST_CASE("one that is given back broken is closed, the others are doubted",
          "[connection_table]") {
  auto table = filled({.max = 2}, 2);
  CHECK(text(table.want(1, t0 + 9s, t0)) == "give 2 to 1");
  CHECK(text(table.give_back(2, verdict::broken, t0)) == "close 2");
  CHECK(text(table.want(2, t0 + 9s, t0)) == "validate 1");
  CHECK(text(table.validated(1, true, t0)) == "give 1 to 2");
}

TEST_CASE("after a failure one attempt is made at a time, each later",
          "[connection_table]") {
  connection_table table{{.backoff_jitter = 0}, true};
  CHECK(text(table.want(1, t0 + 5s, t0)) == "open 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "open 2");
  CHECK(text(table.open_failed(1, t0, 0)) == "report_lost 1");
  CHECK(text(table.open_failed(2, t0, 0)) == "");
  CHECK(table.next_due() == t0 + 200ms);
  CHECK(text(table.tick(t0 + 199ms, 0)) == "");
  CHECK(text(table.tick(t0 + 200ms, 0)) == "open 3");
  CHECK(text(table.open_failed(3, t0 + 200ms, 0)) == "");
  CHECK(table.next_due() == t0 + 600ms);
  CHECK(text(table.tick(t0 + 600ms, 0)) == "open 4");
  CHECK(text(table.opened(4, t0 + 600ms, 0))
        == "report_restored 4, give 4 to 1, open 5");
}

TEST_CASE("who would wait in vain for a server that is away is told at once",
          "[connection_table]") {
  connection_table table{{.backoff_initial = 10s, .backoff_jitter = 0}, true};
  CHECK(text(table.want(1, t0 + 5s, t0)) == "open 1");
  CHECK(text(table.open_failed(1, t0, 0))
        == "report_lost 1, refuse_failed to 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "refuse_failed to 2");
  CHECK(text(table.want(3, t0 + 11s, t0)) == "");
  CHECK(text(table.tick(t0 + 10s, 0)) == "open 2");
}

TEST_CASE("that a server is back is found out also while nobody asks",
          "[connection_table]") {
  connection_table table{{.backoff_initial = 1s, .backoff_jitter = 0}, true};
  CHECK(text(table.want(1, t0 + 500ms, t0)) == "open 1");
  CHECK(text(table.open_failed(1, t0, 0))
        == "report_lost 1, refuse_failed to 1");
  CHECK(text(table.tick(t0 + 1s, 0)) == "open 2");
  CHECK(text(table.open_failed(2, t0 + 1s, 0)) == "");
  CHECK(table.next_due() == t0 + 3s);
  CHECK(text(table.tick(t0 + 3s, 0)) == "open 3");
  CHECK(text(table.opened(3, t0 + 3s, 0)) == "report_restored 3");
}

TEST_CASE("who waits for one that is in use is not told so",
          "[connection_table]") {
  auto table = filled({.max = 2, .backoff_initial = 10s}, 1);
  CHECK(text(table.want(1, t0 + 5s, t0)) == "give 1 to 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "open 2");
  CHECK(text(table.open_failed(2, t0, 0)) == "report_lost 2");
  CHECK(text(table.give_back(1, verdict::good, t0)) == "give 1 to 2");
}

TEST_CASE("who waited as long as it may is told", "[connection_table]") {
  auto table = filled({.max = 1}, 1);
  CHECK(text(table.want(1, t0 + 5s, t0)) == "give 1 to 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "");
  CHECK(text(table.want(3, t0 + 6s, t0)) == "");
  CHECK(table.next_due() == t0 + 5s);
  CHECK(text(table.tick(t0 + 5s, 0)) == "refuse_late to 2");
  CHECK(table.withdraw(3));
  CHECK_FALSE(table.withdraw(3));
  CHECK(text(table.give_back(1, verdict::good, t0 + 6s)) == "");
}

TEST_CASE("an attempt that takes too long is abandoned", "[connection_table]") {
  connection_table table{{.open_timeout = 2s, .backoff_jitter = 0}, true};
  CHECK(text(table.want(1, t0 + 5s, t0)) == "open 1");
  CHECK(table.next_due() == t0 + 2s);
  CHECK(text(table.tick(t0 + 2s, 0)) == "report_lost 1, abandon 1");
  CHECK(text(table.tick(t0 + 2100ms, 0)) == "open 2");
  // Too late to be of use.
  CHECK(text(table.opened(1, t0 + 3s, 0)) == "");
  CHECK(table.is_abandoned(1));
  CHECK(text(table.came_back(1, t0 + 3s)) == "");
  CHECK_FALSE(table.is_abandoned(1));
  CHECK(text(table.opened(2, t0 + 3s, 0)) == "report_restored 2, give 2 to 1");
}

TEST_CASE("no more attempts are abandoned than threads may be lost",
          "[connection_table]") {
  connection_table table{
    {.open_timeout = 2s, .abandoned_max = 1, .backoff_jitter = 0}, true};
  CHECK(text(table.want(1, t0 + 50s, t0)) == "open 1");
  CHECK(text(table.tick(t0 + 2s, 0)) == "report_lost 1, abandon 1");
  CHECK(text(table.tick(t0 + 2100ms, 0)) == "open 2");
  CHECK(text(table.tick(t0 + 4100ms, 0)) == "refuse_failed to 1");
  CHECK(table.next_due() == std::nullopt);
  CHECK(text(table.want(2, t0 + 50s, t0 + 5s)) == "refuse_failed to 2");
  CHECK(text(table.came_back(1, t0 + 6s)) == "");
  CHECK(text(table.tick(t0 + 6s, 0)) == "abandon 2, open 3");
  CHECK(text(table.want(3, t0 + 50s, t0 + 7s)) == "");
}

TEST_CASE("who keeps a connection too long is reported, once",
          "[connection_table]") {
  auto table = filled({.max = 1}, 1);
  CHECK(text(table.want(7, t0 + 5s, t0)) == "give 1 to 7");
  CHECK(table.next_due() == t0 + 60s);
  CHECK(text(table.tick(t0 + 60s, 0)) == "report_leak 1 to 7");
  CHECK(text(table.tick(t0 + 600s, 0)) == "");
  CHECK(table.next_due() == std::nullopt);
  CHECK(table.counts().leaks == 1);
}

TEST_CASE("who keeps it even longer loses it where that is wanted",
          "[connection_table]") {
  auto table = filled({.max = 1, .leak_after = 5s, .take_back_after = 9s}, 1);
  CHECK(text(table.want(7, t0 + 5s, t0)) == "give 1 to 7");
  CHECK(text(table.tick(t0 + 5s, 0)) == "report_leak 1 to 7");
  CHECK(table.next_due() == t0 + 9s);
  CHECK(text(table.tick(t0 + 9s, 0))
        == "report_taken_back 1 to 7, interrupt 1");
  CHECK(text(table.want(8, t0 + 99s, t0 + 9s)) == "");
  CHECK(text(table.closed(1, t0 + 9s)) == "open 2");
  CHECK(text(table.give_back(1, verdict::good, t0 + 9s)) == "");
}

TEST_CASE("what cannot be interrupted keeps its place until it is let go",
          "[connection_table]") {
  auto table = filled({.max = 1}, 1, false);
  CHECK(text(table.want(7, t0 + 5s, t0)) == "give 1 to 7");
  CHECK(text(table.take_back(1, t0)) == "report_taken_back 1 to 7");
  CHECK(text(table.want(8, t0 + 99s, t0)) == "");
  CHECK(text(table.give_back(1, verdict::good, t0 + 1s)) == "close 1");
  CHECK(text(table.closed(1, t0 + 1s)) == "open 2");
}

TEST_CASE("idle ones beyond the least are closed after their time",
          "[connection_table]") {
  auto table = filled({.min = 1, .max = 3}, 3);
  CHECK(table.next_due() == t0 + 10min);
  CHECK(text(table.tick(t0 + 10min, 0)) == "close 1, close 2");
  CHECK(table.next_due() == t0 + 10min + 2s);
}

TEST_CASE("one that grew old in use is closed when it is given back",
          "[connection_table]") {
  auto table = filled({.max = 1, .leak_after = 0s}, 1);
  CHECK(text(table.want(7, t0 + 5s, t0)) == "give 1 to 7");
  CHECK(table.next_due() == std::nullopt);
  CHECK(text(table.give_back(1, verdict::good, t0 + 30min)) == "close 1");
}

TEST_CASE("connections do not all grow old at the same time",
          "[connection_table]") {
  connection_table table{{.min = 2, .idle_max = 24h}, true};
  CHECK(text(table.tick(t0, 0)) == "open 1, open 2");
  CHECK(table.opened(1, t0, 0.5).empty());
  CHECK(table.opened(2, t0, 0.0).empty());
  CHECK(text(table.tick(t0 + 28min + 30s, 0)) == "close 1, open 3");
}

TEST_CASE("a stopped pool refuses all and closes what comes back",
          "[connection_table]") {
  auto table = filled({.min = 1, .max = 2}, 2);
  CHECK(text(table.want(1, t0 + 5s, t0)) == "give 2 to 1");
  CHECK(text(table.want(2, t0 + 5s, t0)) == "give 1 to 2");
  CHECK(text(table.want(3, t0 + 5s, t0)) == "");
  CHECK(text(table.give_back(1, verdict::suspect, t0)) == "validate 1");
  CHECK(text(table.stop(t0)) == "refuse_stopped to 3");
  CHECK(text(table.want(4, t0 + 5s, t0)) == "refuse_stopped to 4");
  CHECK(text(table.validated(1, true, t0)) == "close 1");
  CHECK(text(table.give_back(2, verdict::good, t0)) == "close 2");
  CHECK(text(table.closed(1, t0)) == "");
  CHECK(text(table.closed(2, t0)) == "");
  CHECK(table.empty());
  CHECK(table.next_due() == std::nullopt);
}
