#pragma once

#include <stdexcept>

namespace bulwark {

/// An address cannot be listened on: the text names address and cause. A node
/// whose setup throws it ends with exit code 69.
///
/// Immutable after construction.
class listen_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace bulwark
