#pragma once

#include <bulwark/replication/database_error.hpp>

#include <stdexcept>
#include <string>

namespace bulwark {

/// What a replicated database could not do, and what that says of its node.
class replica_error : public std::runtime_error {
public:
  replica_error(database_error kind, const std::string& text)
    : std::runtime_error(text), kind_(kind) {}

  database_error kind() const noexcept { return kind_; }

private:
  database_error kind_;
};

} // namespace bulwark
