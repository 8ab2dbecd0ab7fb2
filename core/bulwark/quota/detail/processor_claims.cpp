#include <bulwark/quota/detail/processor_claims.hpp>

#include <algorithm>

namespace bulwark {

size_t processors_for(const cpu_quota_options& options) {
  auto whole = options.quota / options.period;
  return static_cast<size_t>(
    whole + (options.quota % options.period > duration::zero()));
}

processor_claims::processor_claims(const processors& allowed) {
  auto sorted = allowed;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 1; i < sorted.size(); ++i)
    quotas_on_.emplace(sorted[i], 0);
}

processor_claims::processors processor_claims::take(size_t count) {
  if (count > quotas_on_.size())
    return {};
  std::vector<std::pair<int, size_t>> all{quotas_on_.rbegin(),
                                          quotas_on_.rend()};
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.second < b.second;
  });
  processors result;
  for (size_t i = 0; i < count; ++i) {
    result.push_back(all[i].first);
    ++quotas_on_.at(all[i].first);
  }
  return result;
}

void processor_claims::give_back(const processors& taken) {
  for (auto each : taken)
    --quotas_on_.at(each);
}

bool processor_claims::shared(const processors& taken) const {
  return std::any_of(taken.begin(), taken.end(),
                     [this](int each) { return quotas_on_.at(each) > 1; });
}

} // namespace bulwark
