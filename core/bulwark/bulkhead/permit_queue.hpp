#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/time.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace bulwark {

/// Names who waits: someone, and which of the things that one waits with.
struct permit_key {
  uint64_t source = 0;
  uint64_t id = 0;

  friend auto operator<=>(const permit_key&, const permit_key&) = default;
};

/// One who waits for permits.
struct permit_ticket {
  permit_key key;
  uint64_t amount = 1;
  call_priority priority = call_priority::normal;

  /// Whose it is, see `consumer_seat`.
  uint32_t consumer = 0;

  /// Whom it is for; 0: nobody in particular.
  uint64_t tenant = 0;

  time_point since{};
  time_point expires = time_point::max();

  /// Was let in before, and does not count towards the bound.
  bool exempt = false;
};

/// Who waits for the permits of one bulkhead: one line per priority.
///
/// Confined to one thread; the bulkhead guards it with its lock.
class permit_queue {
public:
  permit_queue(size_t max, overflow_policy overflow, queue_order order)
    : max_(max), overflow_(overflow), order_(order) {}

  struct arrival {
    bool waits = false;

    /// Who had to give way.
    std::optional<permit_ticket> dropped;
  };

  /// @pre nobody waits under that key
  arrival arrive(const permit_ticket& who);

  /// Decides between tenants: of those with the smallest burden, who has waited
  /// longest is next.
  using burden = std::function<double(uint64_t tenant)>;

  /// Returns who is next, if anybody waits. Nobody is served before that one,
  /// or a large amount would never be.
  const permit_ticket* next(const burden& of = {}) const;

  /// Returns who is first of one consumer.
  const permit_ticket* first_of(uint32_t consumer) const;

  std::optional<permit_ticket> remove(permit_key key);

  /// Takes out whose time is over, and whom `gone` names.
  std::vector<permit_ticket> expire(time_point now);
  std::vector<permit_ticket>
  remove_if(const std::function<bool(const permit_ticket&)>& gone);

  std::optional<time_point> next_expiry() const;

  bool waits(permit_key key) const { return places_.count(key) != 0; }

  /// Whether somebody of this or a higher priority waits.
  bool someone_before(call_priority priority) const noexcept;

  size_t size() const noexcept { return places_.size(); }
  bool empty() const noexcept { return places_.empty(); }

private:
  struct hash {
    size_t operator()(const permit_key& key) const noexcept {
      return std::hash<uint64_t>{}(key.source * 0x9E3779B97F4A7C15 ^ key.id);
    }
  };

  struct place {
    call_priority line;
    uint64_t tenant;
    uint64_t number;
  };

  /// By tenant, then in the order of arrival; no tenant without anybody.
  using line = std::map<uint64_t, std::map<uint64_t, permit_ticket>>;

  const permit_ticket* victim(call_priority arriving) const;
  bool last_first() const noexcept;

  size_t max_;
  overflow_policy overflow_;
  queue_order order_;
  uint64_t numbers_ = 0;
  size_t counted_ = 0;
  std::array<line, call_priorities> lines_;
  std::unordered_map<permit_key, place, hash> places_;
  std::multimap<time_point, permit_key> expiries_;
};

} // namespace bulwark
