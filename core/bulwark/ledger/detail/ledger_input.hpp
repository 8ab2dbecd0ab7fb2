#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/detail/ledger_names.hpp>
#include <bulwark/ledger/detail/ledger_time.hpp>
#include <bulwark/ledger/detail/mark.hpp>
#include <bulwark/ledger/detail/sequence_set.hpp>
#include <bulwark/ledger/ledger_options.hpp>
#include <bulwark/ledger/report.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Makes marks of events, each once, and keeps them until their hour is closed.
///
/// Confined to one actor.
class ledger_input {
public:
  explicit ledger_input(const ledger_options& options)
    : options_(options), names_(options) {}

  void add(const event& what);

  /// See `ledger`.
  void removed(const std::string& node, uint64_t boot, uint64_t from,
               uint64_t to);

  /// Returns up to when hours can be closed.
  int64_t complete_until(const std::string& node, int64_t until);

  /// Gives the marks of the hours before `until`, in the order of time, and
  /// forgets them. What comes for these hours is late.
  template <class Each>
  void close_until(int64_t until, Each&& each) {
    closed_until_ = until;
    auto end = hours_.lower_bound(ledger_clock::hour_of(until));
    for (auto it = hours_.begin(); it != end; it = hours_.erase(it)) {
      sort(it->second);
      for (const auto& what : it->second.marks)
        each(what);
      kept_ -= it->second.marks.size();
    }
  }

  /// Gives the marks up to `now`, in the order of time.
  template <class Each>
  void each_until(int64_t now, Each&& each) const {
    for (auto& [number, these] : hours_) {
      sort(these);
      for (const auto& what : these.marks) {
        if (what.at > now)
          return;
        each(what);
      }
    }
  }

  [[nodiscard]] const ledger_names& names() const noexcept { return names_; }
  [[nodiscard]] const std::vector<ledger_names::origin>&
  origins() const noexcept {
    return origins_;
  }
  [[nodiscard]] int64_t closed_until() const noexcept { return closed_until_; }

  /// Fills in gaps, late and refused.
  void tell(fault_tolerance_report& report) const;

  [[nodiscard]] size_t bytes() const;

private:
  struct hour_marks {
    std::vector<mark> marks;
    bool sorted = true;
  };

  struct node_facts {
    int64_t until = ledger_clock::never;

    // When its latest boot began, and the latest that has ended on purpose.
    int64_t booted = ledger_clock::never;
    int64_t stopped = ledger_clock::never;
    bool told = false;
  };

  uint32_t origin_of(const event& what, uint32_t node);
  uint32_t place_for_origin();
  void note(const event& what, uint32_t node, uint32_t origin, int64_t at);
  void add_mark(mark what, const event& from);
  void keep(const mark& what);
  void sort(hour_marks& which) const;
  bool before(const mark& a, const mark& b) const;
  static void tell_holes(const sequence_set& seen, const std::string& node,
                         uint64_t boot, fault_tolerance_report& report);

  ledger_options options_;
  ledger_names names_;
  std::vector<node_facts> nodes_;

  // Each with what was seen of it; by node and boot.
  std::vector<ledger_names::origin> origins_;
  std::vector<sequence_set> seen_;
  std::map<std::pair<uint32_t, uint64_t>, uint32_t> by_boot_;
  uint32_t last_origin_ = no_number;

  // Sorted when they are read: a reader does not see the difference.
  mutable std::map<int64_t, hour_marks> hours_;
  size_t kept_ = 0;
  int64_t closed_until_ = ledger_clock::never;
  uint64_t late_ = 0;
  uint64_t refused_ = 0;
  uint64_t gaps_forgotten_ = 0;
};

} // namespace bulwark
