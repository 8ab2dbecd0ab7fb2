#pragma once

#include "simulation/entry.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace test::sim {

/// How often each kind of thing was met, so that the rig cannot go blind.
///
/// Confined to one thread.
class coverage {
public:
  /// Counts what a plan asks for.
  void count(const plan& what);

  /// Counts what happened.
  void count(const entry& what, const plan& where);

  /// Counts something by its name.
  void count(const std::string& what) { ++counts_[what]; }

  void add(const coverage& other);

  /// Returns what was met too rarely in `seeds` runs, one per line.
  std::string gaps(size_t seeds) const;

  /// Returns everything that was met, one per line.
  std::string text() const;

private:
  void count(const work& what);
  void count(const use_of_permits& what,
             const bulwark::bulkhead_options& where);

  void count_wait(const entry& what, const plan& where);

  std::map<std::string, size_t> counts_;

  // Of the run: when each message was sent, and how many wait for permits.
  std::map<message_name, bulwark::time_point> asked_;
  std::map<size_t, uint64_t> waiting_;
};

} // namespace test::sim
