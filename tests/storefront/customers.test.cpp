#include "db/secret.hpp"
#include "db/users.hpp"
#include "services/authentication.hpp"
#include "temp_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <sstream>

using namespace storefront;
using nlohmann::json;
using storefront::test::temp_folder;

namespace {

constexpr int64_t now = 1'000'000;

std::string content(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream{file, std::ios::binary}.rdbuf();
  return text.str();
}

} // namespace

TEST_CASE("equal passwords have different hashes", "[storefront]") {
  auto first = hash_password("secret", 10);
  auto second = hash_password("secret", 10);
  CHECK(first.salt != second.salt);
  CHECK(first.digest != second.digest);
  CHECK(matches("secret", first));
  CHECK(matches("secret", second));
  CHECK_FALSE(matches("Secret", first));
  CHECK_FALSE(matches("", first));
}

TEST_CASE("tokens are long and differ", "[storefront]") {
  CHECK(random_token().size() == 64);
  CHECK(random_token() != random_token());
}

TEST_CASE("a digest is that of SHA-256", "[storefront]") {
  CHECK(digest("abc")
        == "ba7816bf8f01cfea414140de5dae2223"
           "b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a user is checked by password, a session by token", "[storefront]") {
  temp_folder folder;
  user_store users{folder.own()};
  CHECK(users.add("ann", "pass", now));
  CHECK_FALSE(users.add("ann", "other", now));
  CHECK(users.check("ann", "pass"));
  CHECK_FALSE(users.check("ann", "other"));
  CHECK_FALSE(users.check("bob", "pass"));
  auto token = users.open_session("ann", now, 60);
  CHECK(users.session_user(token, now + 59) == "ann");
  CHECK(users.session_user(token, now + 60) == std::nullopt);
  CHECK(users.session_user("x", now) == std::nullopt);
}

TEST_CASE("a session outlives the store that opened it", "[storefront]") {
  temp_folder folder;
  auto owner = folder.own();
  auto first = std::make_unique<user_store>(owner);
  first->add("ann", "pass", now);
  auto token = first->open_session("ann", now, 60);
  first.reset();
  CHECK(user_store{owner}.session_user(token, now) == "ann");
}

TEST_CASE("neither passwords nor tokens are in the database", "[storefront]") {
  temp_folder folder;
  user_store users{folder.own()};
  users.add("ann", "correct horse battery", now);
  auto token = users.open_session("ann", now, 60);
  auto text =
    content(folder.path() / "test.db") + content(folder.path() / "test.db-wal");
  CHECK(text.find("ann") != std::string::npos);
  CHECK(text.find("correct horse battery") == std::string::npos);
  CHECK(text.find(token) == std::string::npos);
}

TEST_CASE("user_authentication logs in, verifies and registers",
          "[storefront]") {
  temp_folder folder;
  authentication service{folder.own()};
  auto login = service.handle({R"({"action":"login","user":"customer01",
                                   "password":"secret-customer01"})",
                               ""});
  REQUIRE(login.status == 200);
  auto token = json::parse(login.body)["token"].get<std::string>();
  json verify{{"action", "verify"}, {"token", token}};
  CHECK(service.handle({verify.dump(), ""}).body == R"({"user":"customer01"})");
  verify["token"] = "stolen";
  auto unknown = service.handle({verify.dump(), ""});
  CHECK(unknown.status == 401);
  CHECK(json::parse(unknown.body)["field"] == "token");
  auto wrong = service.handle({R"({"action":"login","user":"customer01",
                                   "password":"guess"})",
                               ""});
  CHECK(wrong.status == 401);
  auto enrol = R"({"action":"register","user":"new","password":"p"})";
  CHECK(service.handle({enrol, ""}).status == 200);
  CHECK(service.handle({enrol, ""}).status == 409);
  CHECK(service.handle({R"({"action":"logout"})", ""}).status == 400);
}
