#pragma once

#include "demo/customer.hpp"

#include <optional>
#include <string>

namespace storefront {

/// Asks each service through one front, with requests that change nothing the
/// second time.
///
/// Confined to one thread.
class probe {
public:
  probe(front_address front, const outage& killed, tally& counts);

  /// Sends one request to the service and returns the status of its answer,
  /// or 0 when none came within `timeout`.
  int ask(const std::string& service, bulwark::duration timeout);

  /// Makes the service crash; returns whether it did.
  bool crash(const std::string& service);

  const front_address& front() const noexcept { return front_; }

private:
  int post(const std::string& target, const std::string& body,
           const std::string& request_id, bulwark::duration timeout);

  front_address front_;
  const outage& killed_;
  tally& counts_;
  bulwark::http_client client_;
  std::string token_;
};

} // namespace storefront
