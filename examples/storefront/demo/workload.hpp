#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace storefront {

/// What a request leaves in a database.
enum class effect { none, order, payment };

/// One request of a customer.
struct planned_request {
  std::string service;

  /// The fields of the body in JSON, without braces and session token.
  std::string fields;

  /// Whether the body needs the customer's session token.
  bool needs_token = false;

  std::string request_id;

  /// What an order or payment is called in the database, for the audit.
  std::string reference;

  effect leaves = effect::none;

  friend bool operator==(const planned_request&,
                         const planned_request&) = default;
};

/// What one customer does: the same for the same seed and number.
///
/// Confined to one thread.
class workload {
public:
  workload(uint32_t seed, uint32_t customer);

  planned_request next();

  /// Returns a name among those that the store makes up.
  std::string user() const;

private:
  uint32_t below(uint32_t bound) { return random_() % bound; }
  planned_request browse();
  planned_request order();
  planned_request payment();
  planned_request mail();

  uint32_t customer_;
  uint32_t count_ = 0;
  std::mt19937 random_;
};

/// Returns the body of a request.
std::string body_of(const planned_request& request, const std::string& token);

} // namespace storefront
