#pragma once

#include "api/service.hpp"
#include "db/users.hpp"

namespace storefront {

/// user_authentication: `action` is
/// - "login" with `user`, `password`: a session `token` and its `expires_in`;
/// - "verify" with `token`: whose session it is, or 401;
/// - "register" with `user`, `password`: a new user, or 409.
///
/// Confined to one actor.
class authentication : public api_service {
public:
  explicit authentication(const database& owner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  std::string login(const input& in);
  std::string verify(const input& in);
  std::string enrol(const input& in);

  user_store users_;
};

} // namespace storefront
