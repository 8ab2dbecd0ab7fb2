#pragma once

#include <bulwark/quota/cpu_quota_options.hpp>

#include <cstddef>
#include <map>
#include <vector>

namespace bulwark {

/// Returns how many processors a quota needs, to use all of it in each period.
size_t processors_for(const cpu_quota_options& options);

/// Which processors of those that a process may use its CPU quotas keep to. A
/// quota has as many as it needs and no more, so that what is stuck in one
/// keeps nobody from the others; and the first processor is nobody's.
///
/// Confined to one thread.
class processor_claims {
public:
  using processors = std::vector<int>;

  explicit processor_claims(const processors& allowed);

  /// Takes those that the fewest quotas keep to, of these the last ones.
  /// Returns nothing if there are not so many besides the first one.
  [[nodiscard]] processors take(size_t count);

  /// @pre `taken` came from `take`, and is given back once
  void give_back(const processors& taken);

  /// Returns whether another quota keeps to one of them too.
  bool shared(const processors& taken) const;

private:
  std::map<int, size_t> quotas_on_;
};

} // namespace bulwark
