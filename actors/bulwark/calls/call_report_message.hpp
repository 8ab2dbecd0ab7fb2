#pragma once

#include <bulwark/caf/sent_wall_time.hpp>
#include <bulwark/protection/call_report.hpp>

#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

namespace bulwark {

// How CAF sends a `call_report`, which precedes the answer to a call that asks
// for one (`call_options::report`).

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, call_report& x) {
  bool dated = x.cache_timestamp.has_value();
  auto at = x.cache_timestamp.value_or(wall_time{});
  sent_wall_time sent{at};
  auto load = [&]() -> caf::error {
    x.cache_timestamp = dated ? std::optional{at} : std::nullopt;
    return caf::none;
  };
  return f(caf::meta::type_name("bulwark.call_report"), x.attempts, x.hedged,
           x.from_cache, dated, sent, x.fallback,
           caf::meta::load_callback(load));
}

} // namespace bulwark
