#include "services/authentication.hpp"

#include "api/error.hpp"
#include "services/unix_time.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

using nlohmann::json;

namespace {

constexpr int seed_users = 12;
constexpr int64_t session_lifetime = 3600;
constexpr size_t name_max = 64;
constexpr size_t password_max = 128;
constexpr size_t token_max = 64;

} // namespace

authentication::authentication(const database& owner) : users_(owner) {
  users_.seed(seed_users, unix_now());
}

std::string authentication::answer(const input& in, const std::string&) {
  auto action = in.word("action", {"login", "verify", "register"});
  if (action == "login")
    return login(in);
  return action == "verify" ? verify(in) : enrol(in);
}

std::string authentication::login(const input& in) {
  auto user = in.text("user", name_max);
  if (!users_.check(user, in.text("password", password_max)))
    throw api_error(401, "password", "user or password is wrong");
  auto token = users_.open_session(user, unix_now(), session_lifetime);
  return json{{"token", token}, {"expires_in", session_lifetime}}.dump();
}

std::string authentication::verify(const input& in) {
  auto user = users_.session_user(in.text("token", token_max), unix_now());
  if (!user)
    throw api_error(401, "token", "token is unknown or has expired");
  return json{{"user", *user}}.dump();
}

std::string authentication::enrol(const input& in) {
  auto user = in.text("user", name_max);
  if (!users_.add(user, in.text("password", password_max), unix_now()))
    throw api_error(409, "user", "user is taken");
  return json{{"user", user}}.dump();
}

} // namespace storefront
