#pragma once

#include "api/service.hpp"
#include "db/payments.hpp"

namespace storefront {

/// payment_processing: `action` is
/// - "charge" with `user`, `amount_cents`, `card` and perhaps `reference`: the
///   `payment_id`, the same one each time for one request id;
/// - "get" with `payment_id`: that payment, or 404.
///
/// Confined to one actor.
class payment : public api_service {
public:
  explicit payment(const database& owner);

protected:
  std::string answer(const input& in, const std::string& request_id) override;

private:
  std::string pay(const input& in, const std::string& request_id);
  std::string get(const input& in);

  payment_store payments_;
};

} // namespace storefront
