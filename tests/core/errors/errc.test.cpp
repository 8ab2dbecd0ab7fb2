#include <bulwark/errors/advice.hpp>
#include <bulwark/errors/errc.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace bulwark;

TEST_CASE("every error code from 1 on has a name of its own", "[errc]") {
  std::set<std::string> names;
  auto last = static_cast<int>(errc::circuit_open);
  for (int code = 1; code <= last; ++code)
    names.insert(to_string(static_cast<errc>(code)));
  CHECK(names.size() == static_cast<size_t>(last));
  for (const auto& name : names)
    CHECK(name.find('(') == std::string::npos);
  CHECK(to_string(errc::service_crashed) == "service_crashed");
  CHECK(to_string(errc::invalid_option) == "invalid_option");
}

TEST_CASE("a number without a name is shown as a number", "[errc]") {
  CHECK(to_string(static_cast<errc>(0)) == "errc(0)");
  CHECK(to_string(static_cast<errc>(200)) == "errc(200)");
}

TEST_CASE("an error's advice is said in words", "[errc]") {
  auto words = [](errc code) { return to_text(advice_for(code)); };
  CHECK(words(errc::circuit_open) == "it was not handled; try again later");
  CHECK(words(errc::draining) == "it was not handled; try again");
  CHECK(words(errc::timed_out)
        == "it may have been handled; try again later if it is idempotent");
  CHECK(words(errc::service_crashed)
        == "it was handled in part; sent again it would end the same way");
  CHECK(advice_for(static_cast<errc>(255)) == advice{});
}
