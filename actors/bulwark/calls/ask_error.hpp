#pragma once

#include <bulwark/errors/errc.hpp>

#include <caf/error.hpp>

#include <stdexcept>

namespace bulwark {

/// A service did not answer `ask` with the value that was asked for. `what()`
/// is what `explain` says of the error: the service, the reason, what to do.
///
/// Immutable after construction.
class ask_error : public std::runtime_error {
public:
  explicit ask_error(const caf::error& why);

  /// The code of an error of Bulwark's (docs/errors.md); 0: it is the
  /// service's own, or CAF's.
  errc code() const noexcept { return code_; }

  /// The error as it came: for `attempts_of` and `retry_after_of`.
  const caf::error& error() const noexcept { return error_; }

private:
  caf::error error_;
  errc code_;
};

} // namespace bulwark
