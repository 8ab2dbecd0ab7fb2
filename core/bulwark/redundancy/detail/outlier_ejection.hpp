#pragma once

#include <bulwark/redundancy/detail/answer_window.hpp>
#include <bulwark/redundancy/ejection_change.hpp>
#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bulwark {

/// Decides which replicas of a group get nothing for a while, because they
/// answer with errors, or much more slowly than the others.
///
/// At any time at most `floor(share_max * up)` of those that are up are
/// ejected, and never all of them; who would be one too many is ejected with
/// its next bad answer when there is room. When others die, the one whose time
/// is over first comes back early. Answers to requests that began before a
/// replica came up, or back, do not count: they tell of what it was. When one
/// comes back it begins with empty counters.
///
/// Time does not go back from call to call.
///
/// Confined to one thread.
class outlier_ejection {
public:
  using changes = std::vector<ejection_change>;

  enum class ending : uint8_t {
    value,
    error,
    /// An error that the replica itself answered, see `own_errors`.
    own_error,
  };

  struct answer {
    ending how = ending::value;
    time_point began{};
    duration took{};
  };

  /// @pre `validate(options)` has no complaint
  explicit outlier_ejection(const ejection_options& options)
    : options_(options) {}

  /// So many there are to be, or as many as before; new ones are down.
  void declare(size_t members);

  /// It is up, or up again, which ends its ejection. @pre declared
  void up(size_t member, time_point now);

  /// It is not up any more. Returns who comes back because of that.
  changes down(size_t member, time_point now);

  /// It answered.
  std::optional<ejection_change> answered(size_t member, const answer& how,
                                          time_point now);

  /// Returns who comes back because its time is over.
  changes wake(time_point now);

  /// When to call `wake`; the latest time there is: nobody is ejected.
  time_point next() const noexcept;

  bool ejected(size_t member) const noexcept {
    return members_[member].ejected_until.has_value();
  }

  size_t ejected() const noexcept;
  size_t members_up() const noexcept;

  /// Some are ejected and too few others usable: then all that are up are used.
  bool panics() const noexcept;

  /// Whether it is to get requests.
  bool usable(size_t member) const noexcept {
    return members_[member].up && (!ejected(member) || panics());
  }

  size_t size() const noexcept { return members_.size(); }

private:
  struct member_record {
    explicit member_record(duration window) : answers(window) {}

    bool up = false;

    /// Since when its answers count.
    time_point since{};
    std::optional<time_point> ejected_until;

    /// How often it was ejected, less what it has made good by `since`.
    uint32_t times = 0;
    uint32_t errors_in_row = 0;
    answer_window answers;
  };

  size_t allowed() const noexcept;
  void forgive(member_record& which, time_point now) const noexcept;
  static void begin(member_record& which, time_point now);
  ejection_change give_back(size_t which, time_point now);
  std::optional<ejection_cause> fault(size_t which, const answer& how,
                                      time_point now);
  bool too_slow(size_t which, time_point now);
  bool worse_than_others(size_t which, time_point now);
  ejection_change eject(size_t which, ejection_cause why, time_point now);

  ejection_options options_;
  std::vector<member_record> members_;
};

} // namespace bulwark
