#pragma once

#include <bulwark/errors/errc.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// How much of what, by the name of the bulkhead.
using resource_amounts = std::map<std::string, uint64_t>;

/// Why nothing was allocated, released or assigned.
struct allocation_refusal {
  errc code = errc::invalid_option;
  std::string text;

  /// The bulkhead that refused; empty where it is not about one.
  std::string bulkhead = {};
};

/// The way of one service through the bulkheads that it wants something of:
/// all of it, or nothing.
///
/// Everybody asks in the order of the names, and nobody waits. So services
/// that want the same bulkheads meet at the first one, where one of them is
/// refused while it has nothing that the other one needs.
///
/// Confined to one thread.
class allocation_attempt {
public:
  struct share {
    std::string bulkhead;
    uint64_t amount = 0;
  };

  allocation_attempt(std::string service, const resource_amounts& wanted);

  const std::string& service() const noexcept { return service_; }
  const std::vector<share>& shares() const noexcept { return shares_; }

  /// Returns whom to ask now; null: nobody any more.
  const share* next() const noexcept;

  /// The one that was asked set the amount aside.
  /// @pre `next()` is not null
  void granted() noexcept { ++granted_; }

  /// The one that was asked has only `free` of `capacity` left.
  /// @pre `next()` is not null
  void refused(uint64_t free, uint64_t capacity);

  /// The same, for another reason: "draining".
  /// @pre `next()` is not null
  void refused(errc why, const std::string& text);

  const std::optional<allocation_refusal>& refusal() const noexcept {
    return refusal_;
  }

  /// Returns what has to be given back after a refusal, the last one first.
  std::vector<share> undo() const;

private:
  std::string service_;
  std::vector<share> shares_;
  size_t granted_ = 0;
  std::optional<allocation_refusal> refusal_;
};

} // namespace bulwark
