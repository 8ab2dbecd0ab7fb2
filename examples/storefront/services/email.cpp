#include "services/email.hpp"

#include "api/error.hpp"
#include "db/secret.hpp"
#include "services/unix_time.hpp"

#include <nlohmann/json.hpp>

namespace storefront {

namespace {

std::string address(const input& in) {
  auto given = in.text("to", 254);
  auto at = given.find('@');
  bool valid = at != 0 && at != std::string::npos && at + 1 < given.size()
               && given.find_first_of(" \r\n") == std::string::npos;
  if (!valid)
    throw api_error(400, "to", "to must be an address such as a@example.org");
  return given;
}

} // namespace

email::email(const database& owner) : outbox_(owner) {}

std::string email::answer(const input& in, const std::string& request_id) {
  in.word("action", {"send"});
  message what{request_id.empty() ? random_token() : request_id, address(in),
               in.text("subject", 200), in.text("text", 10'000)};
  auto id = outbox_.add(what, unix_now());
  if (!id)
    throw api_error(400, "request_id",
                    "request_id was used for another message");
  return nlohmann::json{{"message_id", *id}}.dump();
}

} // namespace storefront
