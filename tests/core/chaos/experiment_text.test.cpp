#include "support/dice.hpp"

#include <bulwark/chaos/experiment.hpp>
#include <bulwark/chaos/protection_word.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

const std::string least = "name = crash\n"
                          "steady = a >= 99\n"
                          "fault = crash orders rate=0.01\n";

std::string text_complaint(const std::string& text) {
  experiment out;
  out.name = "untouched";
  auto wrong = read_experiment(text, out);
  CHECK((out.name == "untouched") == wrong.has_value());
  return wrong.value_or("none");
}

} // namespace

TEST_CASE("an experiment says little where the defaults will do", "[chaos]") {
  experiment out;
  REQUIRE_FALSE(read_experiment(least, out));
  CHECK(out.name == "crash");
  CHECK(out.lasts == 60s);
  CHECK(out.recovery == 30s);
  CHECK(out.blast == blast_radius{});
  CHECK(out.expected == experiment_verdict::held);
  CHECK(out.expected_protections.empty());
}

TEST_CASE("an experiment is read whole, and reads back what it writes",
          "[chaos]") {
  experiment out;
  REQUIRE_FALSE(
    read_experiment("# What one wants to know.\n\n" + least
                      + "steady = b < 5   # and fast\r\n"
                        "fault = slow orders delay=200ms\n"
                        "abort = b > 5000\n"
                        "duration = 2m\nrecovery = 10s\nservices = 2\n"
                        "replicas = 0.25\nlast_replica = true\nnodes = 3\n"
                        "seed = 7\nexpect = broken\nprotection = restart\n"
                        "protection = breaker",
                    out));
  CHECK(out.steady.size() == 2);
  CHECK(out.faults.size() == 2);
  CHECK(out.abort_when.size() == 1);
  CHECK(out.lasts == 2min);
  CHECK(out.blast == blast_radius{2, 0.25, true, 3});
  CHECK(out.seed == 7);
  CHECK(out.expected == experiment_verdict::broken);
  CHECK(out.expected_protections
        == std::vector<std::string>{"restart", "breaker"});
  experiment back;
  REQUIRE_FALSE(read_experiment(to_text(out), back));
  CHECK(back == out);
}

TEST_CASE("what is wrong is told with line, value and rule", "[chaos]") {
  CHECK(text_complaint(least + "\n# x\nduraton = 5s\n")
        == "line 6: field is duraton; it must be one of name, probe, "
           "steady, fault, abort, duration, recovery, services, replicas, "
           "last_replica, "
           "nodes, seed, expect, protection; did you mean duration?");
  CHECK(text_complaint("nonsense")
        == "line 1: line is nonsense; it must be FIELD = VALUE, empty, or a "
           "comment after #");
  CHECK(text_complaint("name =")
        == "line 1: name is empty; it must be given, "
           "or left out");
  CHECK(text_complaint(least + "name = twice")
        == "line 4: name is twice; it must be given once");
  CHECK(text_complaint(least + "last_replica = yes")
        == "line 4: last_replica is yes; it must be true or false");
  CHECK(text_complaint(least + "expect = fine")
        == "line 4: expect is fine; it must be one of held, broken, "
           "not_recovered, refused, aborted");
  CHECK(text_complaint(least + "seed = -1")
        == "line 4: seed is -1; it must be a whole number, such as 100");
  CHECK_THAT(text_complaint(least + "fault = crash"),
             Catch::StartsWith("line 4: "));
}

TEST_CASE("an experiment that makes no sense is refused whole", "[chaos]") {
  CHECK(text_complaint("")
        == R"(name is ""; it must be 1 to 64 letters, digits, '_' and '-', )"
           "a letter first");
  CHECK(text_complaint("name = x")
        == "number of steady conditions is 0; it must be at least 1 and at "
           "most 16");
  CHECK(text_complaint("name = x\nsteady = a < 1")
        == "number of faults is 0; it must be at least 1 and at most 16");
  CHECK(text_complaint(least + "duration = 61m")
        == "duration is 61m; it must be at least 1s and at most 1h");
  CHECK(text_complaint(least + "recovery = 0s")
        == "recovery is 0ms; it must be at least 1s and at most 1h");
  CHECK(text_complaint(least + "fault = crash web")
        == "number of services that faults are at is 2; it must be at most "
           "services, which is 1");
  CHECK(text_complaint(least + "fault = kill alpha\nfault = cut beta")
        == "number of nodes that faults are at is 2; it must be at most "
           "nodes, which is 1");
  CHECK(text_complaint(least + "protection = luck")
        == "protection is luck; it must be one of " + protection_words());
  CHECK_THAT(text_complaint(std::string(70'000, '#')),
             Catch::StartsWith("length of the file is 70000;"));
}

TEST_CASE("whatever is changed in a file, it is read whole or not at all",
          "[chaos]") {
  const std::string bytes = " \t\r\n#=<>.0123456789abcdefrate_\xff\0-";
  experiment full;
  REQUIRE_FALSE(
    read_experiment(least + "abort = b > 5\nexpect = broken\n", full));
  const auto text = to_text(full);
  int taken = 0;
  for (uint64_t seed = 0; seed < 5'000; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    auto changed = text;
    for (auto i = 1 + chance.below(4); i > 0; --i) {
      auto at = chance.below(changed.size());
      if (chance.roll(1, 3))
        changed.erase(at, 1 + chance.below(5));
      else if (chance.roll(1, 2))
        changed.insert(at, 1, bytes[chance.below(bytes.size())]);
      else
        changed[at] = bytes[chance.below(bytes.size())];
    }
    experiment out;
    if (read_experiment(changed, out)) {
      REQUIRE(out == experiment{});
      continue;
    }
    ++taken;
    REQUIRE_FALSE(validate(out));
    experiment back;
    REQUIRE_FALSE(read_experiment(to_text(out), back));
    REQUIRE(back == out);
  }
  CHECK(taken > 100);
}
