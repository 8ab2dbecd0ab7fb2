#pragma once

#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/protection/call_report.hpp>
#include <bulwark/time/time.hpp>

#include <caf/error.hpp>
#include <caf/message.hpp>

namespace bulwark::detail {

/// A call that ends with an error, and waits for what stands in for that.
///
/// Confined to one thread at a time.
struct bereft_call {
  reply_address to;

  /// The client's message.
  caf::message asked = {};

  /// What the client said about it, and what it took so far.
  call_options call = {};
  call_report report = {};

  /// What the client gets where nothing stands in.
  caf::error why = {};

  time_point deadline{};
};

} // namespace bulwark::detail
