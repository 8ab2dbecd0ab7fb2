#pragma once

#include <stdexcept>

namespace bulwark {

/// Why a journal cannot be opened, in words for a person: another process has
/// it, it is of a newer version, it is not a journal.
class journal_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace bulwark
