// What may wait for a node, for how long, and which refusals are told.
#include <bulwark/cluster/detail/expiry_steps.hpp>
#include <bulwark/cluster/detail/name_pattern.hpp>
#include <bulwark/cluster/detail/refusal_counts.hpp>
#include <bulwark/cluster/detail/send_check.hpp>
#include <bulwark/cluster/detail/wire_times.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

const std::string peer(32, 'p');
const wire_limits limits{
  .payload_max = 1000, .waiting_max = 2000, .reserve = 200};

send_verdict check(frame_header head, size_t size, size_t waiting) {
  return check_sending(head, std::string(size, 'x'), waiting, limits, peer);
}

constexpr frame_header normal{.kind = 2, .data = uint64_t{1} << 60 | 5};
constexpr frame_header urgent{.kind = 2, .data = 5};
constexpr frame_header heartbeat{.kind = 6};

} // namespace

TEST_CASE("messages wait up to a bound, urgent ones and control beyond it",
          "[wire]") {
  CHECK(check(normal, 968, 1000) == send_verdict::pass);
  CHECK(check(normal, 969, 1000) == send_verdict::full);
  CHECK(check(normal, 1, 2000) == send_verdict::full);
  CHECK(check(urgent, 1, 2000) == send_verdict::pass);
  CHECK(check(urgent, 168, 2000) == send_verdict::pass);
  CHECK(check(urgent, 169, 2000) == send_verdict::full);
  CHECK(check(heartbeat, 0, 2168) == send_verdict::pass);
  CHECK(check(heartbeat, 0, 2169) == send_verdict::hopeless);
}

TEST_CASE("what the other side would close the connection for is not sent",
          "[wire]") {
  CHECK(check(normal, 1000, 0) == send_verdict::pass);
  CHECK(check(normal, 1001, 0) == send_verdict::too_large);
  CHECK(check(urgent, 1001, 0) == send_verdict::too_large);
  std::string deep;
  for (int i = 0; i < 1001; ++i)
    deep += "@<>+@message";
  CHECK(check_sending(normal, deep, 0, {}, peer) == send_verdict::too_nested);
}

TEST_CASE("nothing goes by way of a third node", "[wire]") {
  CHECK(check({.kind = 3}, 10, 0) == send_verdict::not_direct);
  std::string own(32, 'o');
  std::string third(32, 't');
  for (uint8_t kind : {4, 5}) {
    frame_header head{.kind = kind};
    CHECK(check_sending(head, own + peer, 0, limits, peer)
          == send_verdict::pass);
    CHECK(check_sending(head, own + third, 0, limits, peer)
          == send_verdict::drop);
  }
}

TEST_CASE("a connection is given up by its times", "[wire]") {
  const time_point start{1h};
  wire_limits rules;
  wire_times it{.opened = start, .progress = start, .shaken = false};
  CHECK_FALSE(overdue(it, rules, start + 20s - 1ns));
  CHECK(overdue(it, rules, start + 20s)
        == "it did not say who it is within 20s");
  it.shaken = true;
  CHECK_FALSE(overdue(it, rules, start + 1h));
  it.waiting = 7;
  it.progress = start + 30s;
  CHECK_FALSE(overdue(it, rules, start + 40s - 1ns));
  CHECK(overdue(it, rules, start + 40s)
        == "it took nothing for 10s, though 7 bytes wait for it");
}

TEST_CASE("one refusal a minute and source is told, with the number of all",
          "[wire]") {
  refusal_counts book;
  const time_point start{1h};
  CHECK(book.refused("a", start) == 1);
  CHECK_FALSE(book.refused("a", start + 1s));
  CHECK_FALSE(book.refused("a", start + 60s - 1ns));
  CHECK(book.refused("b", start + 2s) == 1);
  CHECK(book.refused("a", start + 60s) == 3);
  CHECK(book.refused("a", start + 120s) == 1);
}

TEST_CASE("sources beyond a number share one entry, and old ones make room",
          "[wire]") {
  refusal_counts book;
  const time_point start{1h};
  for (size_t i = 0; i < refusal_counts::sources_max; ++i)
    CHECK(book.refused(std::to_string(i), start) == 1);
  CHECK(book.refused("one more", start + 1s) == 1);
  CHECK_FALSE(book.refused("another", start + 2s));
  CHECK(book.refused("later", start + 62s) == 1);
  CHECK_FALSE(book.refused("later", start + 63s));
}

TEST_CASE("the end of a certificate is told 30, 7 and 1 days ahead, once each",
          "[cluster]") {
  constexpr std::chrono::hours day{24};
  constexpr wall_time end{std::chrono::seconds{2'000'000'000}};
  expiry_steps steps;
  const std::vector<std::pair<wall_time, int>> told{
    {end - 30 * day, 30}, {end - 7 * day, 7}, {end - day, 1}, {end, 0}};
  CHECK_FALSE(steps.look(end, end - 30 * day - 1us));
  for (const auto& [at, days] : told) {
    CHECK_FALSE(steps.look(end, at - 1us));
    auto step = steps.look(end, at);
    REQUIRE(step);
    CHECK(step->days == days);
    CHECK_FALSE(steps.look(end, at));
  }
  // Another one is told of from its own start.
  CHECK_FALSE(steps.look(end + 90 * day, end));
  auto late = steps.look(end + 92 * day, end + 91 * day + 12h);
  REQUIRE(late);
  CHECK(late->days == 1);
  CHECK(late->level == severity::high);
}

TEST_CASE("patterns of names", "[cluster]") {
  CHECK(fits_pattern("shop-*", "shop-17"));
  CHECK(fits_pattern("shop-*", "shop-"));
  CHECK_FALSE(fits_pattern("shop-*", "shop"));
  CHECK(fits_pattern("*", ""));
  CHECK(fits_pattern("a?c", "abc"));
  CHECK_FALSE(fits_pattern("a?c", "ac"));
  CHECK(fits_pattern("*a*b", "xxaxxbxb"));
  CHECK_FALSE(fits_pattern("*a*b", "xxaxxbx"));
  CHECK_FALSE(fits_pattern("", "a"));
  CHECK_FALSE(check_name_pattern("shop-*"));
  CHECK(check_name_pattern(""));
  CHECK(check_name_pattern("a b"));
  CHECK(check_name_pattern(std::string(65, 'a')));
}
