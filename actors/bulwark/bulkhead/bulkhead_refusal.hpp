#pragma once

#include <bulwark/caf/caf_error.hpp>

#include <optional>
#include <string>

namespace bulwark {

/// What an error with one of the codes `bulkhead_full`, `bulkhead_timeout` and
/// `bulkhead_isolated` says of the bulkhead.
///
/// Immutable after construction.
struct bulkhead_refusal {
  std::string bulkhead;

  /// How much of it was in use, in percent.
  double utilization = 0;
};

/// Returns nothing for errors of another kind.
std::optional<bulkhead_refusal> refusal_of(const caf::error& err);

/// Returns an error that `refusal_of` can read.
caf::error make_refusal(errc code, std::string text, std::string bulkhead,
                        double utilization);

} // namespace bulwark
