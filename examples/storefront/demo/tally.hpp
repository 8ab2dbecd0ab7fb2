#pragma once

#include <bulwark/http/client.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace storefront {

/// What became of the requests.
struct totals {
  int64_t sent = 0;
  std::map<int, int64_t> by_status;

  /// Answers that name optional services which could not be had.
  int64_t degraded = 0;

  /// The connection ended, or could not be made, where that was to be
  /// expected: at the node that was killed, until its return.
  int64_t cut = 0;

  /// The same elsewhere.
  int64_t cut_elsewhere = 0;

  /// Neither an answer nor a cut.
  int64_t unanswered = 0;

  /// Orders and payments that were answered with 2xx, by their references.
  std::vector<std::string> orders;
  std::vector<std::string> payments;
};

/// The clients' common count.
///
/// Safe to call from any thread.
class tally {
public:
  void sent();
  void answered(const bulwark::http_reply& reply);
  void cut(bool expected);
  void unanswered();
  void ordered(const std::string& reference);
  void paid(const std::string& reference);

  totals read() const;

private:
  mutable std::mutex mutex_;
  totals totals_;
};

} // namespace storefront
