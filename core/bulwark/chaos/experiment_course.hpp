#pragma once

#include <bulwark/chaos/experiment.hpp>
#include <bulwark/chaos/experiment_report.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What whoever runs an experiment has to do now.
enum class experiment_act : uint8_t {
  none,
  /// Lend the faults to their targets.
  inject,
  /// Renew their leases.
  renew,
  /// End them.
  lift,
};

std::string to_string(experiment_act act);

/// The course of one experiment:
///
///     before --well--> during --time is over, broken, aborted--> after
///        |not well                                                 |
///        v                                                         v
///      over <-------------well again, or not in time---------------+
///
/// Invariants: faults are lent once, after all conditions held; they are lifted
/// at the end of `lasts`, after `broken_max` without a moment at which all
/// conditions held, or at once by an abort; leases are renewed at every look
/// between. After the lift only what happens is watched.
///
/// A time before the latest one seen is taken as that one.
///
/// Confined to one actor.
class experiment_course {
public:
  enum class phase : uint8_t { before, during, after, over };

  /// How often one looks.
  static constexpr duration look_every = std::chrono::seconds{1};

  /// @pre `validate(what)` has no complaint
  explicit experiment_course(experiment what);

  /// Takes the readings of this moment.
  [[nodiscard]] experiment_act look(const figure_readings& readings,
                                    time_point now);

  /// An event of the cluster.
  void see(const event& what, time_point now);

  /// Ends it at once; the answer is `lift` when faults are out.
  [[nodiscard]] experiment_act abort(const std::string& why, time_point now);

  /// The faults cannot be lent, or not all of them: it is refused, and those
  /// that were lent have to be lifted.
  [[nodiscard]] experiment_act refuse(const std::string& why, time_point now);

  [[nodiscard]] phase now_in() const noexcept { return phase_; }
  [[nodiscard]] bool is_over() const noexcept { return phase_ == phase::over; }

  /// Complete when it is over.
  [[nodiscard]] const experiment_report& report() const noexcept {
    return report_;
  }

private:
  time_point seen(time_point now);
  experiment_act look_before(const figure_readings& readings);
  experiment_act look_during(const figure_readings& readings);
  void look_after(const figure_readings& readings);
  experiment_act lift(experiment_verdict verdict, std::string why);
  void end(experiment_verdict verdict, std::string why);
  void note_worst(const figure_readings& readings);
  void note(const figure_readings& from, figure_readings& to) const;

  experiment_report report_;
  phase phase_ = phase::before;
  time_point latest_ = time_point::min();
  time_point began_{};
  time_point lifted_{};

  // Since when a condition is broken.
  std::optional<time_point> broken_since_;
};

} // namespace bulwark
