#pragma once

#include "demo/outage.hpp"
#include "demo/tally.hpp"
#include "demo/workload.hpp"

#include <bulwark/http/client.hpp>
#include <bulwark/time/time.hpp>

#include <string>
#include <vector>

namespace storefront {

/// A front that customers can go to.
struct front_address {
  std::string node;
  uint16_t port = 0;
};

/// One customer: sends its requests in turn, to its own front while that is
/// there. A request whose connection is cut goes to another front under the
/// same request id, and an order or payment that failed is sent again.
///
/// Confined to one thread.
class customer {
public:
  /// `fronts` begins with its own.
  customer(workload plan, std::vector<front_address> fronts,
           const outage& killed, tally& counts);

  /// Logs in, then sends `requests` requests, one each `interval`.
  void run(int requests, bulwark::duration interval);

  /// Sends one request until it is answered for good; returns the answer's
  /// status and body, or status 0.
  bulwark::http_reply send(const planned_request& request);

  void log_in();

private:
  size_t choose_front() const;
  bulwark::http_reply attempt(size_t front, const planned_request& request);
  void note_effect(const planned_request& request, int status);

  workload plan_;
  std::vector<front_address> fronts_;
  std::vector<bulwark::http_client> clients_;
  const outage& killed_;
  tally& counts_;
  std::string token_;

  /// Its own front was cut, and is avoided until it is back.
  bool avoid_own_ = false;
};

} // namespace storefront
