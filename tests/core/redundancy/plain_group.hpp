#pragma once

#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/time/time.hpp>

#include <bitset>
#include <cstddef>
#include <vector>

namespace test {

/// A redundancy group as one would write it down: sets of members, and the
/// history of each.
class plain_group {
public:
  plain_group(size_t active, size_t standby,
              const bulwark::group_options& options, bulwark::time_point now);

  void failed(size_t which, bulwark::time_point now);
  void recovering(size_t which);
  void healthy(size_t which, bulwark::time_point now);
  void degraded(size_t which);
  void ejected(size_t which, bool is);
  void wake(bulwark::time_point now);

  bool active(size_t which) const { return active_[which]; }

  /// Not failed and not recovering; healthy and not ejected.
  bool there(size_t which) const { return !(down_ | starting_)[which]; }
  bool good(size_t which) const { return good()[which]; }

private:
  using set = std::bitset<8>;

  set good() const { return ~(down_ | starting_ | unwell_ | out_); }
  bool flaps(size_t which) const;
  void take_place(size_t which);
  void settle();

  bulwark::group_options options_;
  size_t demanded_;
  size_t size_;
  set active_;
  set down_;
  set starting_;
  set unwell_;
  set out_;
  std::vector<std::vector<bulwark::time_point>> failures_;
  std::vector<bulwark::time_point> well_since_;
};

} // namespace test
