#include <bulwark/supervision/failure_rule.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

TEST_CASE("the first rule whose cause fits decides", "[failure_rule]") {
  std::vector<failure_rule> rules{
    {"std::bad_alloc", failure_directive::escalate},
    {"std::invalid_argument", failure_directive::resume},
    {"", failure_directive::stop}};
  auto said = [&](std::string_view reason) {
    return find_rule(rules, reason)->then;
  };
  CHECK(said("std::bad_alloc: std::bad_alloc") == failure_directive::escalate);
  CHECK(said("std::invalid_argument") == failure_directive::resume);
  CHECK(said("std::invalid_argument: 7") == failure_directive::resume);
  CHECK(said("std::invalid_arguments: 7") == failure_directive::stop);
  CHECK(said("std: 7") == failure_directive::stop);
  CHECK(said("") == failure_directive::stop);
}

TEST_CASE("a part of a name is no cause", "[failure_rule]") {
  CHECK(find_rule({{"std"}}, "std::bad_alloc: x") == nullptr);
  CHECK(find_rule({{"std::bad_alloc: x"}}, "std::bad_alloc") == nullptr);
  CHECK(find_rule({}, "std::bad_alloc") == nullptr);
}

TEST_CASE("whether messages may fail alone follows from the rules",
          "[failure_rule]") {
  CHECK_FALSE(may_resume({}));
  CHECK_FALSE(may_resume({{"a", failure_directive::stop}, {"b"}}));
  CHECK(may_resume(
    {{"a", failure_directive::stop}, {"b", failure_directive::resume}}));
}
