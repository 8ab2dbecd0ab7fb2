#pragma once

#include <bulwark/bulkhead/detail/permit_answer.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// The permits of one bulkhead whose answers may not have been read yet, by
/// their ids: no more than are held.
///
/// Confined to one actor.
class unread_grants {
public:
  struct entry {
    uint64_t id = 0;
    uint64_t holder = 0;
    time_point due{};
    std::shared_ptr<permit_grant> grant;
  };

  void add(entry what) {
    by_due_.emplace(what.due, what.id);
    all_.emplace(what.id, std::move(what));
  }

  /// Its holder has used it, or it came back.
  void forget(uint64_t id) {
    auto known = all_.extract(id);
    if (known)
      by_due_.erase({known.mapped().due, id});
  }

  /// Takes back the one whose answer was dropped; nothing if it was read.
  std::optional<entry> take_back(uint64_t id) {
    auto known = all_.find(id);
    if (known == all_.end())
      return std::nullopt;
    auto what = known->second;
    forget(id);
    if (!what.grant->take_back())
      return std::nullopt;
    return what;
  }

  /// Takes back those that nobody has read until now.
  std::vector<entry> expire(time_point now) {
    std::vector<entry> result;
    while (!by_due_.empty() && by_due_.begin()->first <= now)
      if (auto what = take_back(by_due_.begin()->second))
        result.push_back(*std::move(what));
    return result;
  }

  time_point next_due() const {
    return by_due_.empty() ? time_point::max() : by_due_.begin()->first;
  }

private:
  std::map<uint64_t, entry> all_;
  std::set<std::pair<time_point, uint64_t>> by_due_;
};

} // namespace bulwark::detail
