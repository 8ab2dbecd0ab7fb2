#pragma once

#include <bulwark/bulkhead/trend.hpp>
#include <bulwark/time/time.hpp>
#include <bulwark/warning/detail/latency_watch.hpp>
#include <bulwark/warning/detail/warning_table.hpp>
#include <bulwark/warning/warning.hpp>
#include <bulwark/warning/warning_options.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark {

/// Something bounded, at a moment.
struct resource_sample {
  /// `bulkhead/payments`, `stash/orders`, `memory`.
  std::string subject;

  /// How much of the bound is used; 100 and more: all of it.
  double percent = 0;

  /// What one can do before it is used up.
  std::string advice;
};

/// Warns before something fails: of what is used up, of restarts that pass
/// their limit, of failures that come closer together, of a p99 that leaves its
/// own past. Each situation is warned of once, and settled later.
///
/// At most `subjects_max` resources, components and services each are followed;
/// further ones are not.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one actor.
class early_warning {
public:
  using notices = std::vector<warning_notice>;

  static constexpr size_t subjects_max = 256;

  /// Samples kept of a resource: an hour, with one every ten seconds.
  static constexpr size_t samples_max = 360;

  /// Failures kept of a component.
  static constexpr size_t failures_max = 100;

  /// @pre `validate(options)` has no complaint
  explicit early_warning(const warning_options& options = {})
    : options_(options) {}

  /// A figure, as of now; take it in even steps. What is not a number is
  /// ignored.
  [[nodiscard]] notices sample(const resource_sample& what, time_point now);

  /// A component has failed that may do so `limit` times within `period`; a
  /// limit of 0: there is none.
  [[nodiscard]] notices failed(const std::string& component, uint32_t limit,
                               duration period, time_point now);

  /// The p99 of a service since the last time; take it in even steps, and not
  /// where there was no answer.
  [[nodiscard]] notices answered(const std::string& service, duration p99,
                                 time_point now);

  /// The longest silence of another node since the last time; take it in even
  /// steps, and not while it is away.
  [[nodiscard]] notices heard(const std::string& peer, duration longest,
                              time_point now);

  /// Settles those whose time has passed.
  [[nodiscard]] notices look(time_point now);

  [[nodiscard]] std::vector<warning> open() const { return warnings_.open(); }
  [[nodiscard]] const warning_score& score() const noexcept {
    return warnings_.score();
  }

private:
  struct resource {
    sample_ring samples{samples_max};

    // Where it was when it was warned of.
    double warned_at = 0;
  };

  /// What is told of a time that has left its past.
  struct shift_words {
    std::string forecast;
    const char* figure;
    const char* advice;
  };

  time_point seen(time_point now);
  notices follow(const std::string& subject, duration length,
                 const shift_words& words, time_point now);
  warning make(warning_kind kind, const std::string& subject,
               duration ahead) const;
  void pass_limit(const std::string& component, uint32_t limit, duration period,
                  notices& to);
  void close_in(const std::string& component, notices& to);

  warning_options options_;
  warning_table warnings_;
  time_point latest_ = time_point::min();
  std::map<std::string, resource> resources_;
  std::map<std::string, std::vector<time_point>> failures_;
  std::map<std::string, latency_watch> latencies_;
};

} // namespace bulwark
