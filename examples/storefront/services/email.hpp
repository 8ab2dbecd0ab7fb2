#pragma once

#include "api/service.hpp"
#include "db/outbox.hpp"

namespace storefront {

/// email_notifications: `action` is "send" with `to`, `subject`, `text`: the
/// `message_id` in the outbox, the same one each time for one request id.
///
/// Confined to one actor.
class email : public api_service {
public:
  explicit email(const database& owner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  outbox_store outbox_;
};

} // namespace storefront
