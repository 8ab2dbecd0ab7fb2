#pragma once

#include <bulwark/rate/detail/gcra.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// The same rate for each of many keys: of tenants, of clients.
///
/// Invariant: no key ever gets more than the options say, however many keys
/// there are and whatever was forgotten.
///
/// At most `keys_max` keys are known. For one more, one is forgotten that has
/// all its permits back: to it, being forgotten changes nothing, so the order
/// does not matter. When none has them all back, the new key and all others
/// that are not known share one rate, and a key that is known later starts
/// with what that has left. Keys longer than `key_length_max` always share
/// it. Known keys notice nothing.
///
/// Costs O(log keys); forgetting looks at `looks_max` keys at most. A time
/// before the latest one seen is taken as that one.
///
/// Confined to one thread.
class keyed_rate {
public:
  static constexpr size_t key_length_max = 256;
  static constexpr size_t looks_max = 64;

  /// Each key is kept by GCRA, whatever the options name.
  /// @pre `validate(options)` has no complaint
  explicit keyed_rate(const rate_options& options);

  /// As `gcra` does it for a single one.
  rate_verdict take(std::string_view key, time_point now, uint64_t n = 1);
  rate_verdict reserve(std::string_view key, time_point now, uint64_t n,
                       duration wait_max);

  /// Without effect for a key that is not known: it may have got them from the
  /// rate that is shared, where they are lost.
  void give_back(std::string_view key, uint64_t n = 1);

  /// Keeps another rate from now on, as `gcra` does it, for each key. Costs
  /// O(keys). More keys than may be known now are kept until they can be
  /// forgotten.
  void change(const rate_options& options, time_point now);

  /// How many keys are known.
  [[nodiscard]] size_t size() const noexcept { return known_.size(); }

  /// How many requests were decided by the rate that is shared.
  [[nodiscard]] uint64_t shared_count() const noexcept { return shared_count_; }

private:
  using keys = std::map<std::string, gcra, std::less<>>;

  // When a key has all its permits back, as of the last look; later if it was
  // used since.
  struct deadline {
    time_point at;
    keys::iterator key;

    bool operator>(const deadline& other) const { return at > other.at; }
  };

  gcra& rate_of(std::string_view key);
  bool make_room();

  gcra shared_;
  size_t keys_max_;
  time_point latest_ = time_point::min();
  uint64_t shared_count_ = 0;
  keys known_;

  // A heap with the earliest first, one for each key.
  std::vector<deadline> deadlines_;
};

} // namespace bulwark
