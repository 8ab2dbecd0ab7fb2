#include "partner/moods.hpp"

#include "storefront/partner_rig.hpp"

#include <bulwark/http/client.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace storefront;
using namespace std::chrono_literals;

namespace {

/// Returns the status, or why there is none.
std::string answer(bulwark::http_client& client) {
  try {
    return std::to_string(client.request("GET", "/users/1", "", 300ms).status);
  } catch (const bulwark::http_error& e) {
    constexpr const char* words[] = {"refused", "cut", "timed out",
                                     "malformed"};
    return words[static_cast<size_t>(e.cause())];
  }
}

} // namespace

TEST_CASE("moods are a list, each with how often", "[partner]") {
  CHECK(parse_moods("") == std::vector<mood>{});
  CHECK(parse_moods("well*2,fail,cut")
        == std::vector<mood>{mood::well, mood::well, mood::fail, mood::cut});
  for (const auto* bad : {"bad", "fail*", "fail*x", "fail*-1", "fail,,cut",
                          "fail*99999", "fail*2x"})
    CHECK_FALSE(parse_moods(bad));
  CHECK(to_string(mood::garbage) == "garbage");
}

TEST_CASE("a partner treats each request as its mood wants it", "[partner]") {
  ::test::partner_rig partner{"well,fail,busy,cut,garbage,hang,slow"};
  bulwark::http_client client{"127.0.0.1", partner.port()};
  std::vector<std::string> answers;
  for (int i = 0; i < 9; ++i)
    answers.push_back(answer(client));
  CHECK(answers
        == std::vector<std::string>{"200", "500", "503", "cut", "malformed",
                                    "timed out", "timed out", "200", "200"});
}
