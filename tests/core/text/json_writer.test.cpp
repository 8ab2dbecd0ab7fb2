#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <catch2/catch.hpp>

#include <limits>

using namespace bulwark;

TEST_CASE("values nest, with commas between them", "[json_writer]") {
  json_writer out;
  out.begin_object()
    .pair("a", uint64_t{1})
    .pair("b", "x")
    .key("c")
    .begin_array()
    .value(true)
    .null()
    .begin_object()
    .end_object()
    .begin_array()
    .end_array()
    .end_array()
    .pair("d", false)
    .end_object();
  CHECK(out.text() == R"({"a":1,"b":"x","c":[true,null,{},[]],"d":false})");
}

TEST_CASE("a number is the shortest that reads back the same",
          "[json_writer]") {
  json_writer out;
  out.begin_array()
    .value(0.1)
    .value(99.9)
    .value(100.0)
    .value(1.0 / 3)
    .value(1e300)
    .value(std::numeric_limits<double>::infinity())
    .value(std::numeric_limits<double>::quiet_NaN())
    .value(std::numeric_limits<uint64_t>::max())
    .end_array();
  CHECK(out.text()
        == "[0.1,99.9,100,0.3333333333333333,1e+300,null,null,"
           "18446744073709551615]");
}

TEST_CASE("no text breaks out of its quotes", "[json_writer]") {
  CHECK(json_text("plain") == R"("plain")");
  CHECK(json_text("a\"b\\c\n\x01") == R"("a\"b\\c\u000a\u0001")");
  CHECK(json_text("caf\xC3\xA9") == "\"caf\xC3\xA9\"");
  CHECK(json_text("\xFFx\xC3") == "\"\xEF\xBF\xBDx\xEF\xBF\xBD\"");
  // A right-to-left override.
  CHECK(json_text("\xE2\x80\xAE") == R"("\u202e")");
}
