#pragma once

#include <stdexcept>
#include <string>

namespace storefront {

/// A call that is answered with an error although nothing is broken: bad
/// input, an unknown thing, a wrong password.
///
/// Immutable after construction.
class api_error : public std::runtime_error {
public:
  /// `field` names the input's field, or is empty where none is to blame.
  api_error(int status, std::string field, const std::string& text)
    : std::runtime_error(text), status_(status), field_(std::move(field)) {}

  int status() const noexcept { return status_; }
  const std::string& field() const noexcept { return field_; }

private:
  int status_;
  std::string field_;
};

} // namespace storefront
