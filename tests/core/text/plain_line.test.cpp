#include <bulwark/text/detail/plain_line.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <string>
#include <tuple>
#include <typeinfo>
#include <vector>

using bulwark::plain_line;

namespace {

struct hidden {};

std::string type_in(const char* mangled) {
  plain_line line;
  return std::string{line.add_type(mangled).text()};
}

} // namespace

TEST_CASE("a plain line is text and numbers", "[plain_line]") {
  plain_line line;
  line << "one\ttwo\x7f " << 0 << " " << std::numeric_limits<uint64_t>::max();
  CHECK(line.text() == "one?two? 0 18446744073709551615");
  line.clear();
  CHECK(line.text().empty());
}

TEST_CASE("what does not fit into a plain line is left out", "[plain_line]") {
  plain_line line;
  line << std::string(plain_line::size_max - 2, 'x') << 12345;
  CHECK(line.text().size() == plain_line::size_max);
  CHECK(line.text().ends_with("x12"));
  line << "more" << 1;
  CHECK(line.text().ends_with("x12"));
}

TEST_CASE("types are named as people write them", "[plain_line]") {
  CHECK(type_in(typeid(plain_line).name()) == "bulwark::plain_line");
  CHECK(type_in("N12_GLOBAL__N_16hiddenE") == "(anonymous)::hidden");
  // Where tests are compiled together, each file has a namespace of its own.
  CHECK_THAT(type_in(typeid(hidden).name()),
             Catch::Matchers::EndsWith("(anonymous)::hidden"));
  CHECK(type_in("5order") == "order");
  CHECK(type_in("N4shop4cart5orderE") == "shop::cart::order");
}

TEST_CASE("a type that is more than a name stays mangled", "[plain_line]") {
  CHECK(type_in(typeid(std::vector<int>).name())
        == typeid(std::vector<int>).name());
  for (const auto* odd : {"i", "", "N", "NE", "N4shopE5", "9short", "N4shop",
                          "0", "99999x", "4shopx", "N4shopIiEE"}) {
    CAPTURE(odd);
    CHECK(type_in(odd) == odd);
  }
}
