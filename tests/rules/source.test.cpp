#include "rules/source.hpp"

#include <catch2/catch.hpp>

using rules::code_of;

TEST_CASE("comments are no code", "[rules]") {
  CHECK(code_of("a // b\nc") == "a     \nc");
  CHECK(code_of("a /* b\n c */ d") == "a     \n      d");
  CHECK(code_of("a /* b") == "a     ");
}

TEST_CASE("what stands in a literal is no code", "[rules]") {
  CHECK(code_of(R"(f("a{b", '{') g)") == R"(f("   ", ' ') g)");
  CHECK(code_of(R"("a\"b" c)") == R"("    " c)");
  CHECK(code_of(R"('\'' c)") == R"('  ' c)");
  CHECK(code_of("\"//\" c") == "\"  \" c");
  CHECK(code_of("\"open\nc") == "\"    \nc");
}

TEST_CASE("a raw literal ends at its own mark", "[rules]") {
  CHECK(code_of("R\"x(a)\" b)x\" c") == "R\"         \" c");
}

TEST_CASE("a separator of digits starts no literal", "[rules]") {
  CHECK(code_of("10'000 + 'a' + 1'0") == "10'000 + ' ' + 1'0");
}
