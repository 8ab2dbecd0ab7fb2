#pragma once

#include <bulwark/http/client.hpp>
#include <bulwark/protection/guard.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace external_api {

using parameters = std::map<std::string, std::string>;

/// What the API answers, or what takes the place of it.
struct api_answer {
  std::string data = {};

  /// Seconds since 1970.
  double timestamp = 0;
  parameters params = {};

  /// It is an earlier answer, and from when.
  bool from_cache = false;
  std::optional<double> cache_timestamp = std::nullopt;

  /// It is a default, since there is none.
  bool fallback = false;
};

/// A client of an HTTP API that works on while the API does not: a circuit
/// breaker, deadlines, the last good answers, and a default.
///
/// Confined to one thread.
class client {
public:
  client(std::string host, uint16_t port, const bulwark::guard_options& options,
         bulwark::guard_hooks hooks);

  api_answer make_api_call(const std::string& endpoint,
                           const parameters& params);

  bulwark::breaker_metrics metrics() { return breaker_.metrics(); }

private:
  api_answer request(const std::string& endpoint, const parameters& params,
                     bulwark::attempt& made);

  bulwark::http_client http_;
  bulwark::guard breaker_;
  bulwark::last_answers<api_answer> fallback_cache_;
};

} // namespace external_api
