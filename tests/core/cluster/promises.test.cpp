// What a voter keeps, as text, and who may be one.
#include <bulwark/cluster/detail/promise_text.hpp>
#include <bulwark/cluster/detail/role_grant.hpp>
#include <bulwark/cluster/detail/voter_list.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

TEST_CASE("promises are read as they were written, or not at all", "[lease]") {
  lease_promises all{
    {"backup", {7, "alpha/123"}},
    {"end", {1, "beta/9"}},
    {"nightly-report", {std::numeric_limits<uint64_t>::max(), "gamma/1"}}};
  auto text = promise_lines(all);
  CHECK(text
        == "bulwark roles 1\nbackup 7 alpha/123\nend 1 beta/9\n"
           "nightly-report 18446744073709551615 gamma/1\n= 3\n");
  CHECK(parse_promises(text) == all);
  CHECK(parse_promises(promise_lines({})) == lease_promises{});
  // No part of it, which a full disk or a crash may leave, is taken for all.
  for (size_t i = 0; i < text.size(); ++i)
    CHECK_FALSE(parse_promises(text.substr(0, i)));
  for (const auto* bad :
       {"", "bulwark roles 2\n= 0\n", "bulwark roles 1\n= 0\nmore\n",
        "bulwark roles 1\n= 1\n", "bulwark roles 1\nbackup x alpha/1\n= 1\n",
        "bulwark roles 1\nbackup -1 alpha/1\n= 1\n",
        "bulwark roles 1\nthe backup 1 alpha/1\n= 1\n",
        "bulwark roles 1\na 1 b/1\na 2 c/1\n= 1\n",
        "bulwark roles 1\na 99999999999999999999 b/1\n= 1\n"})
    CHECK_FALSE(parse_promises(bad));
}

TEST_CASE("more promises than a voter keeps are no text of one", "[lease]") {
  lease_promises all;
  for (size_t i = 0; i < promises_max; ++i)
    all["r" + std::to_string(i)] = {i + 1, "alpha/1"};
  CHECK(parse_promises(promise_lines(all)) == all);
  all["one-more"] = {1, "alpha/1"};
  CHECK_FALSE(parse_promises(promise_lines(all)));
}

TEST_CASE("voters are few, odd and differ", "[lease]") {
  using names = std::vector<std::string>;
  CHECK_FALSE(check_voters({"a"}));
  CHECK_FALSE(check_voters({"a", "b", "c"}));
  CHECK_FALSE(check_voters({"a", "b", "c", "d", "e", "f", "g"}));
  CHECK(check_voters({}) == "it must name 1, 3, 5 or 7 nodes, not 0");
  CHECK(check_voters({"a", "b"}) == "it must name 1, 3, 5 or 7 nodes, not 2");
  CHECK(check_voters(names(9, "a"))
        == "it must name 1, 3, 5 or 7 nodes, not 9");
  CHECK(check_voters({"b", "a", "b"}) == "it must name b once");
  CHECK(check_voters({"a", "", "b"}).has_value());
  CHECK(voters_text({}) == "none");
  CHECK(voters_text({"a", "b", "c"}) == "a,b,c");
  CHECK(voters_text(names(100, "a")) == "100 nodes");
}

TEST_CASE("a hold ends by the clock alone", "[lease]") {
  const time_point now{1h};
  role_grant it;
  CHECK_FALSE(it.token_at(now));
  it.set(3, now + 5s);
  CHECK(it.token_at(now) == 3);
  CHECK(it.token_at(now + 5s - 1ns) == 3);
  CHECK_FALSE(it.token_at(now + 5s));
  it.set(3, now + 7s);
  CHECK(it.token_at(now + 5s) == 3);
  it.clear();
  CHECK_FALSE(it.token_at(now));
  it.set(4, now + 8s);
  CHECK(it.token_at(now) == 4);
}
