#include "peers/otp/coverage.hpp"
#include "peers/otp/make_case.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

using namespace test::otp;

namespace {

constexpr uint64_t seeds = 600;

std::vector<peer_case> make_cases() {
  std::vector<peer_case> cases;
  for (uint64_t seed = 0; seed < seeds; ++seed)
    cases.push_back(make_case(seed));
  return cases;
}

const char* const small_case = "case 7\n"
                               "supervisor root - permanent plain "
                               "one_for_all 2 3600 any_significant\n"
                               "worker w1 root transient significant\n"
                               "supervisor s1 root permanent plain "
                               "simple_one_for_one 0 3600 never\n"
                               "template - s1 temporary plain\n"
                               "worker w2 root permanent plain\n"
                               "do start worker w3 s1 temporary plain\n"
                               "do fail_start w2 3\n"
                               "do die_during w1 w2 kill\n"
                               "do exit w3 normal\n"
                               "do terminate s1\n"
                               "do restart s1\n"
                               "do delete w1\n"
                               "end\n";

// Returns the small case with `from` replaced by `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string text = small_case;
  const auto place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

} // namespace

TEST_CASE("a case is read as it was written", "[otp]") {
  const auto read = parse(small_case);
  REQUIRE(read.complaint.empty());
  REQUIRE(read.cases.size() == 1);
  CHECK(validate(read.cases[0]) == std::nullopt);
  CHECK(to_text(read.cases[0]) == small_case);
  CHECK(read.cases[0].tree.size() == 5);
  CHECK(read.cases[0].script.size() == 7);
  CHECK(read.cases[0].script[2]
        == action{verb::die_during, "w1", "w2", exit_class::kill, 0, {}});
}

TEST_CASE("what is no case is refused with its line", "[otp]") {
  auto [from, to, complaint] =
    GENERATE(table<std::string, std::string, std::string>({
      {"case 7\n", "", "line 1: outside of a case"},
      {"case 7", "case x", "line 1: not a number: x"},
      {"case 7", "case 7\ncase 8", "line 2: a case within a case"},
      {"one_for_all", "one_for_some", "line 2: no such word: one_for_some"},
      {" any_significant", "", "line 2: expected 9 words"},
      {"temporary plain\nworker", "temporary\nworker",
       "line 5: expected 5 words or more"},
      {"fail_start w2 3", "fail_start w2", "line 8: expected 3 words"},
      {"fail_start w2 3", "fail_start w2 -3", "line 8: not a number: -3"},
      {"do exit", "do leave", "line 10: no such word: leave"},
      {"do terminate s1", "worker w4 root permanent plain",
       "line 11: the tree comes before the script"},
      {"\nend\n", "\n", "line 14: a case without its end"},
    }));
  CAPTURE(from, to);
  const auto read = parse(changed(from, to));
  CHECK(read.complaint == complaint);
  CHECK(read.cases.empty());
}

TEST_CASE("a case that contradicts itself is refused", "[otp]") {
  auto [from, to, complaint] =
    GENERATE(table<std::string, std::string, std::string>({
      {"root - p", "top - p", "the first node is the supervisor `root` of `-`"},
      {"w2 root permanent", "w1 root permanent", "w1: declared twice"},
      {"w2 root permanent", "w2 s2 permanent", "w2: no such supervisor: s2"},
      {"w2 root permanent", "w2 w1 permanent", "w2: no such supervisor: w1"},
      {"w2 root permanent", "w2 s1 permanent",
       "w2: templates are for simple_one_for_one, which has nothing else"},
      {"w1 root transient", "w1 root permanent",
       "w1: what is permanent cannot be significant"},
      {" any_", " all_", ""},
      {"any_significant", "never",
       "w1: significant, but root never shuts down by itself"},
      {"do delete w1", "do delete root", "delete root: root: no such child"},
      {"do exit w3", "do exit s1", "exit s1 normal: s1: not a worker"},
      {"w1 w2 kill", "w1 w3 kill",
       "die_during w1 w3 kill: w1: not a worker beside w3"},
      {"w1 w2 kill", "w1 w1 kill",
       "die_during w1 w1 kill: w1: not a worker beside w1"},
      {"w3 s1 temporary", "w3 s1 permanent",
       "start worker w3 s1 permanent plain: w3: unlike its template"},
      {"do delete w1", "do start worker w2 root temporary plain",
       "start worker w2 root temporary plain: w2: started as something else "
       "than before"},
      {"do delete w1", "do start worker w3 s1 temporary plain",
       "start worker w3 s1 temporary plain: w3: an instance starts once"},
      {"do delete w1", "do start worker w4 s2 temporary plain",
       "start worker w4 s2 temporary plain: w4: no such supervisor: s2"},
    }));
  CAPTURE(from, to);
  const auto read = parse(changed(from, to));
  REQUIRE(read.complaint.empty());
  CHECK(validate(read.cases.at(0)).value_or("") == complaint);
}

TEST_CASE("cases from seeds are valid and survive being written", "[otp]") {
  const auto cases = make_cases();
  std::string text;
  for (const auto& item : cases) {
    CAPTURE(item.number, to_text(item));
    CHECK(validate(item) == std::nullopt);
    text += to_text(item);
  }
  const auto read = parse(text);
  CHECK(read.complaint.empty());
  CHECK(read.cases == cases);
}

TEST_CASE("a seed makes the same case everywhere", "[otp]") {
  CHECK(make_case(17) == make_case(17));
  // FNV-1a of the text of all cases. Whoever means to change the cases changes
  // this number too.
  uint64_t digest = 14695981039346656037u;
  for (const auto& item : make_cases())
    for (unsigned char byte : to_text(item))
      digest = (digest ^ byte) * 1099511628211u;
  CHECK(digest == 0xc8b7b57e0c11256);
}

TEST_CASE("trees stay within their limits and reach them", "[otp]") {
  size_t deepest = 0;
  size_t widest = 0;
  uint32_t most_intense = 0;
  for (const auto& item : make_cases()) {
    std::map<std::string, size_t> depths{{"-", 0}};
    std::map<std::string, size_t> children;
    for (const auto& child : item.tree) {
      widest = std::max(widest, ++children[child.parent]);
      if (child.kind != node_kind::supervisor)
        continue;
      depths[child.id] = depths.at(child.parent) + 1;
      deepest = std::max(deepest, depths[child.id]);
      most_intense = std::max(most_intense, child.intensity);
      CHECK(child.period_s == 3600);
    }
    // Every supervisor, and `-`, has somebody below it.
    CHECK(children.size() == depths.size());
  }
  CHECK(deepest == 3);
  CHECK(widest == 4);
  CHECK(most_intense == 4);
}

TEST_CASE("the cases cover all kinds of exits, trees and disturbed restarts",
          "[otp]") {
  const auto table = coverage(make_cases());
  INFO(print(table));
  CHECK(covers_exits(table, 10));
  CHECK_FALSE(covers_exits(table, 10 * seeds));
  CHECK(table.cases == seeds);
  CHECK(table.nested * 2 == seeds);
  CHECK(table.disturbed * 3 >= seeds);
  CHECK(table.significant * 6 >= seeds);
}
