// The token: where it is, who may read it, and that nothing is changed without
// it.

#include "runtime/admin/steered_fixture.hpp"

#include <bulwark/admin/detail/admin_token.hpp>
#include <bulwark/options/config_error.hpp>

#include <catch2/catch.hpp>

#include <filesystem>

using namespace bulwark;
using namespace bulwark::test;
using detail::admin_token;
namespace fs = std::filesystem;

namespace {

const http_fields as_json{{"Content-Type", "application/json"}};

http_fields with_token(const std::string& words) {
  auto result = as_json;
  result.emplace_back("Authorization", words);
  return result;
}

} // namespace

TEST_CASE("a token is new each time and fits nothing but itself", "[admin]") {
  ::test::temp_folder folder;
  auto path = folder.path() / "deep" / "alpha.admin";
  auto first = admin_token::write(path, "alpha", "127.0.0.1:1");
  auto second = admin_token::write(path, "alpha", "127.0.0.1:2");
  CHECK(first.text().size() == 64);
  CHECK(second.fits(second.text()));
  CHECK_FALSE(second.fits(first.text()));
  CHECK_FALSE(second.fits(""));
  CHECK_FALSE(second.fits(second.text() + "0"));
  CHECK_FALSE(second.fits(second.text().substr(1)));
  for (size_t i = 0; i < 64; ++i) {
    auto other = second.text();
    other[i] = other[i] == '0' ? '1' : '0';
    CHECK_FALSE(second.fits(other));
  }
  CHECK_FALSE(admin_token{}.fits(""));
  auto file = nlohmann::json::parse(text_in(path));
  CHECK(file.at("node") == "alpha");
  CHECK(file.at("admin") == "127.0.0.1:2");
  CHECK(file.at("token") == second.text());
  CHECK(fs::status(path).permissions()
        == (fs::perms::owner_read | fs::perms::owner_write));
  // Nothing is left beside it.
  CHECK(std::distance(fs::directory_iterator{path.parent_path()}, {}) == 1);
}

TEST_CASE("a file that was left open to others is not", "[admin]") {
  ::test::temp_folder folder;
  auto path = folder.path() / "alpha.admin";
  for (const auto& each : {path, fs::path{path.string() + ".new"}}) {
    std::ofstream{each} << "old";
    fs::permissions(each, fs::perms::all);
  }
  admin_token::write(path, "alpha", "127.0.0.1:1");
  CHECK(fs::status(path).permissions()
        == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a folder that cannot be made is told", "[admin]") {
  ::test::temp_folder folder;
  std::ofstream{folder.path() / "taken"} << "a file";
  auto path = folder.path() / "taken" / "alpha.admin";
  CHECK_THROWS_WITH(admin_token::write(path, "alpha", ""),
                    Catch::StartsWith("--admin: the token cannot be written to "
                                      + path.string()));
}

TEST_CASE("nothing is changed without the token, whatever the path",
          "[admin]") {
  steered_node s;
  auto token = s.file().at("token").get<std::string>();
  auto wrong = token;
  wrong[0] = wrong[0] == '0' ? '1' : '0';
  for (auto word : {"isolate", "leave", "set", "none", "../../health/live"})
    for (const auto& fields :
         {as_json, with_token("Bearer " + wrong), with_token(token),
          with_token("Basic " + token), with_token("Bearer  " + token),
          with_token("Bearer"), with_token("Bearer ")}) {
      CAPTURE(word, fields.back().second);
      auto reply = s.post(word, R"({"bulkhead":"api"})", fields);
      CHECK(reply.status == 401);
      CHECK(reply.field("www-authenticate") == "Bearer");
    }
  CHECK(s.value("bulkhead.api.isolation") == "none");
  CHECK(s.get("/api/history").at("changes").empty());
}

TEST_CASE("with the token, a change has to be JSON and of a known path",
          "[admin]") {
  steered_node s;
  auto token = "Bearer " + s.file().at("token").get<std::string>();
  const std::string order = R"({"bulkhead":"api"})";
  CHECK(s.post("none", order, with_token(token)).status == 404);
  CHECK(s.post("isolate", order, {{"Authorization", token}}).status == 415);
  for (auto type : {"text/plain", "application/x-www-form-urlencoded",
                    "application/jsonp", ""})
    CHECK(s.post("isolate", order,
                 {{"Authorization", token}, {"Content-Type", type}})
            .status
          == 415);
  auto foreign = with_token(token);
  foreign.emplace_back("Origin", "http://evil.example");
  CHECK(s.post("isolate", order, foreign).status == 403);
  CHECK(s.value("bulkhead.api.isolation") == "none");
  CHECK(s.node.get("/api/control/isolate").status == 405);
  CHECK(s.node.get("/api/control/isolate").field("allow") == "POST");
  CHECK(s.post("isolate", order,
               {{"authorization", "bearer" + token.substr(6)},
                {"content-type", "Application/JSON; charset=utf-8"}})
          .status
        == 200);
  CHECK(s.value("bulkhead.api.isolation") == "all");
}

TEST_CASE("a node without a folder has no token and takes no change",
          "[admin]") {
  admin_node node;
  node.core.start();
  http_client client{"127.0.0.1", node.port()};
  auto reply =
    client.request("POST", "/api/control/leave", "{}", patience, as_json);
  CHECK(reply.status == 401);
  CHECK_THAT(reply.body, Catch::Contains("without --data=FOLDER"));
  CHECK_FALSE(fs::exists("data"));
}
