#pragma once

#include "simulation/checker.hpp"
#include "simulation/coverage.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test::sim {

/// A promise that was broken.
struct violation {
  std::string checker;
  std::string how;

  /// The number of entries until then.
  size_t entries = 0;
};

/// All that happened, judged as it happens.
///
/// Confined to one thread.
class history {
public:
  using clock = std::function<bulwark::time_point()>;

  /// Judged by the checker called `only`, or by all if that is empty.
  history(const plan& where, const std::string& only);

  /// @pre called before the first `add`
  void use(clock now);

  void add(entry what);

  /// The first promise that was broken; what is added later is not judged.
  const std::optional<violation>& broken() const { return broken_; }

  const std::vector<entry>& entries() const { return entries_; }
  const observed& world() const { return world_; }
  const coverage& met() const { return met_; }

  /// Returns the entries from `first` up to `end` as text, one per line.
  std::string text(size_t first, size_t end) const;

private:
  void end_instant();

  const plan& where_;
  clock now_;
  bulwark::time_point start_{};
  observed world_;
  coverage met_;
  std::vector<std::unique_ptr<checker>> checkers_;
  std::vector<entry> entries_;
  std::optional<violation> broken_;
};

} // namespace test::sim
