#pragma once

#include <bulwark/bulkhead/allocation_attempt.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace bulwark {

/// Which bulkheads there are, which services are assigned to them, and what
/// has been set aside for which service.
///
/// Allocating and releasing are plans: the table says whom to ask, the caller
/// asks, and tells how it went. Until then what the plan is about is neither
/// allocated nor released a second time.
///
/// Confined to one thread; the manager guards it with its lock.
class allocation_table {
public:
  static constexpr size_t services_max = 4096;
  static constexpr size_t bulkheads_max = 256;

  using refusal = allocation_refusal;

  /// Adds a bulkhead. Its name is new and well-formed, or it is refused.
  [[nodiscard]] std::optional<refusal> add(const std::string& bulkhead);

  bool knows(const std::string& bulkhead) const {
    return bulkheads_.count(bulkhead) != 0;
  }

  // -- assignments ------------------------------------------------------------

  /// Assigns a service to a bulkhead. It may be assigned to several, to each
  /// once.
  [[nodiscard]] std::optional<refusal> assign(const std::string& service,
                                              const std::string& bulkhead);

  using assignment_map = std::map<std::string, std::set<std::string>>;

  const assignment_map& assignments() const noexcept { return assignments_; }

  // -- allocations ------------------------------------------------------------

  using begun = std::variant<allocation_attempt, refusal>;

  /// Begins to allocate; every bulkhead has to be known, every amount at least
  /// 1, and the service may have nothing of any of them yet.
  /// @param owner with whom it is released; 0: stays until it is released
  begun begin(const std::string& service, const resource_amounts& wanted,
              uint64_t owner = 0);

  /// Books what was granted, or that nothing was. Nobody is asked any more and
  /// what had to be undone is undone.
  void finish(const allocation_attempt& done);

  /// What goes back to the bulkheads.
  struct release {
    std::string service;
    resource_amounts amounts;
  };

  using leaving = std::variant<release, refusal>;

  /// Begins to release all that a service has.
  leaving begin_release(const std::string& service);

  /// Begins to release what is allocated as long as `owner` lives.
  std::vector<release> begin_release_of(uint64_t owner);

  void finish(const release& done);

  /// Returns what is allocated, by service.
  std::map<std::string, resource_amounts> allocations() const;
  resource_amounts allocation_of(const std::string& service) const;

private:
  enum class phase : uint8_t { asked, held, leaving };

  struct entry {
    uint64_t amount = 0;
    uint64_t owner = 0;
    phase now = phase::asked;
  };

  using entries = std::map<std::string, entry>;

  std::optional<refusal> check(const std::string& service,
                               const resource_amounts& wanted) const;
  std::optional<refusal> check_new(const std::string& service,
                                   const std::string& bulkhead) const;
  void erase(const std::string& service, const std::string& bulkhead);

  std::set<std::string> bulkheads_;
  assignment_map assignments_;
  std::map<std::string, entries> services_;
};

} // namespace bulwark
