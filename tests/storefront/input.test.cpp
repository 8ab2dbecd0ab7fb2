#include "api/input.hpp"

#include "api/error.hpp"
#include "api/service.hpp"

#include <catch2/catch.hpp>

using namespace storefront;

namespace {

/// Returns "status field: text" of the error that `act` throws.
template <class F>
std::string refused(F act) {
  try {
    act();
  } catch (const api_error& e) {
    return std::to_string(e.status()) + " " + e.field() + ": " + e.what();
  }
  return "not refused";
}

std::string number_refused(const std::string& value) {
  return refused([&] { input{"{\"n\":" + value + "}"}.number("n", 1, 100); });
}

} // namespace

TEST_CASE("only a JSON object is input", "[storefront]") {
  auto text =
    GENERATE("", "{", "[]", "1", "null", "\"a\"", "{} x", "{\"a\":\"\xff\"}");
  CHECK(refused([&] { input{text}; })
        == "400 body: body must be a JSON object");
}

TEST_CASE("deep nesting is refused, however deep", "[storefront]") {
  auto text = "{\"a\":" + std::string(60'000, '[');
  CHECK(refused([&] { input{text}; }) == "400 body: body is nested too deeply");
}

TEST_CASE("numbers are whole and within their range", "[storefront]") {
  CHECK(input{R"({"n":1})"}.number("n", 1, 100) == 1);
  CHECK(input{R"({"n":100})"}.number("n", 1, 100) == 100);
  auto rule = "400 n: n must be a whole number from 1 to 100";
  for (auto value : {"0", "101", "1.5", "\"1\"", "null", "true", "-1",
                     "18446744073709551615", "99999999999999999999"})
    CHECK(number_refused(value) == rule);
  CHECK(number_refused("1e400") == "400 body: body must be a JSON object");
  CHECK(refused([] { input{"{}"}.number("n", 1, 2); })
        == "400 n: n must be given");
}

TEST_CASE("an optional number is checked when it is given", "[storefront]") {
  CHECK(input{"{}"}.number_or("n", 1, 100, 7) == 7);
  CHECK(input{R"({"n":8})"}.number_or("n", 1, 100, 7) == 8);
  CHECK(refused([] { input{R"({"n":0})"}.number_or("n", 1, 100, 7); })
        == "400 n: n must be a whole number from 1 to 100");
}

TEST_CASE("texts are bounded, and required ones not empty", "[storefront]") {
  CHECK(input{R"({"t":"abc"})"}.text("t", 3) == "abc");
  CHECK(refused([] { input{R"({"t":"abcd"})"}.text("t", 3); })
        == "400 t: t must be a text of at most 3 bytes");
  CHECK(refused([] { input{R"({"t":""})"}.text("t", 3); })
        == "400 t: t must be a text of 1 to 3 bytes");
  CHECK(refused([] { input{R"({})"}.text("t", 3); })
        == "400 t: t must be a text of 1 to 3 bytes");
  CHECK(refused([] { input{R"({"t":7})"}.text("t", 3); })
        == "400 t: t must be a text of at most 3 bytes");
  CHECK(input{"{}"}.text_or_empty("t", 3).empty());
}

TEST_CASE("a word is one of those allowed", "[storefront]") {
  CHECK(input{R"({"w":"b"})"}.word("w", {"a", "b"}) == "b");
  auto rule = "400 w: w must be one of a, b";
  CHECK(refused([] { input{R"({"w":"c"})"}.word("w", {"a", "b"}); }) == rule);
  CHECK(refused([] { input{"{}"}.word("w", {"a", "b"}); }) == rule);
}

TEST_CASE("a field within a list is named with its place", "[storefront]") {
  input in{R"({"items":[{"q":1},{"q":0}]})"};
  auto items = in.objects("items", 2);
  REQUIRE(items.size() == 2);
  CHECK(items[0].number("q", 1, 9) == 1);
  CHECK(refused([&] { items[1].number("q", 1, 9); })
        == "400 items[1].q: items[1].q must be a whole number from 1 to 9");
}

TEST_CASE("lists are bounded and hold objects", "[storefront]") {
  auto rule = "400 l: l must be a list of 1 to 2 objects";
  for (auto text : {R"({"l":[]})", R"({"l":[{},{},{}]})", R"({"l":{}})"})
    CHECK(refused([&] { input{text}.objects("l", 2); }) == rule);
  CHECK(refused([] { input{R"({"l":[{},1]})"}.objects("l", 2); })
        == "400 l[1]: l[1] must be an object");
}

TEST_CASE("a request id comes with the call or in its body", "[storefront]") {
  auto id_of = [](const api_call& call) {
    return request_id_of(call, input{call.body});
  };
  CHECK(id_of({"{}", ""}).empty());
  CHECK(id_of({R"({"request_id":"b"})", ""}) == "b");
  CHECK(id_of({R"({"request_id":"b"})", "a"}) == "a");
  CHECK(id_of({"{}", std::string(128, 'x')}).size() == 128);
  CHECK_THROWS_AS(id_of({"{}", std::string(129, 'x')}), api_error);
  CHECK_THROWS_AS(id_of({"{}", "a b"}), api_error);
  CHECK_THROWS_AS(id_of({R"({"request_id":"a\n"})", ""}), api_error);
}
