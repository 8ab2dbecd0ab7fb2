#pragma once

#include "simulation/compartment.hpp"
#include "simulation/entry.hpp"
#include "simulation/traffic.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace test::sim {

/// One incarnation of a child, or of a supervisor.
struct life {
  uint64_t incarnation = 0;

  /// When it was started, and as which of all.
  bulwark::time_point born{};
  uint64_t serial = 0;

  bool ready = false;
  bulwark::time_point ready_at{};

  /// Its supervisor says that it is up.
  bool up = false;

  /// Its supervisor says that it is being stopped.
  bool stopping = false;
  bool abandoned = false;
  bulwark::time_point abandoned_at{};

  /// Since when it has been stuck in a handler; since when it is back from the
  /// last one; for how long it was stuck, at most, before.
  std::optional<bulwark::time_point> stuck_since;
  std::optional<bulwark::time_point> back_since;
  bulwark::duration was_stuck{0};

  /// How long it has been stuck, or was, at most.
  bulwark::duration stuck(bulwark::time_point now) const {
    return stuck_since ? std::max(now - *stuck_since, was_stuck) : was_stuck;
  }

  /// Its start function failed, or it ended.
  bool over = false;
  bool threw = false;
  bulwark::time_point over_at{};
  bulwark::exit_class how = bulwark::exit_class::normal;
  bool gave_up = false;

  /// Its end was one that a rule says to leave it at.
  bool left_by_rule = false;

  /// An operator had asked for this start.
  bool by_hand = false;

  bool live() const { return !over && !abandoned; }
};

/// What was seen of one child.
struct sighting {
  /// Its incarnations, oldest first.
  std::vector<life> lives;

  /// An operator's orders that were not answered yet.
  size_t terminations = 0;
  size_t starts = 0;

  /// An operator had it stopped and did not have it started again.
  bool laid_off = false;

  /// An operator gave orders about it since its supervisor was started.
  bool orders = false;

  bulwark::child_state state = bulwark::child_state::stopped;

  const life* last() const { return lives.empty() ? nullptr : &lives.back(); }
  bool live() const { return !lives.empty() && lives.back().live(); }

  /// Options as operators have changed them.
  bulwark::restart_options restart;
  bulwark::supervisor_options limits;
};

/// The world as the entries so far tell it. Checkers share it.
///
/// Confined to one thread.
class observed {
public:
  explicit observed(const plan& where);

  void on(const entry& what);

  const plan& where() const { return where_; }
  const node& at(size_t index) const { return where_.nodes[index]; }
  const sighting& of(size_t index) const { return sightings_[index]; }
  const life* find(size_t index, uint64_t incarnation) const;

  /// The children of a supervisor, in the order of their starts.
  const std::vector<size_t>& children(size_t index) const {
    return children_[index];
  }

  /// Their place among their siblings; those that were started at run time
  /// follow in the order of their starts.
  uint64_t rank(size_t index) const { return ranks_[index]; }

  /// Whether it is being added, so that its rank is not known yet.
  bool is_new(size_t index) const { return !added_[index].empty(); }

  const compartment& bulkhead(size_t index) const {
    return compartments_[index];
  }
  const sim::traffic& traffic() const { return traffic_; }

  /// Whether nothing happened to the replicas of a service in this instant,
  /// none is stuck and none about to end.
  bool steady(size_t service, bulwark::time_point now) const;

  /// Whether one of them was given up on, or was stuck, and may still hold
  /// permits: nobody sees what for, as it is tried again elsewhere or answered,
  /// and a gate looks only once in a grace whether a handler is back.
  bool keeps_permits(size_t service, bulwark::time_point now) const;

  /// Whether there is nothing that a request can wait for but a permit, once
  /// nobody has anything left to do.
  bool waits_for_permit(const parcel& what, bulwark::time_point now) const;

  bool calm() const { return calm_; }
  bool closing() const { return closing_; }

private:
  life* find(size_t index, uint64_t incarnation);
  bool may_wait_for_rate(const parcel& what, bulwark::time_point now) const;
  void note_disturbance(const entry& what);
  void on_born(const entry& what);
  void on_over(const entry& what);
  void on_changed(const entry& what);
  void on_order(const entry& what);
  void on_added(const entry& what);
  void on_answer(const entry& what);

  const plan& where_;
  std::vector<sighting> sightings_;
  std::vector<std::vector<size_t>> children_;
  std::vector<uint64_t> ranks_;

  /// By node: the ranks that go with the orders to add it.
  std::vector<std::vector<uint64_t>> added_;
  uint64_t next_rank_ = 0;
  uint64_t births_ = 0;
  std::vector<compartment> compartments_;
  sim::traffic traffic_;

  /// By service: when its replicas changed last.
  std::vector<bulwark::time_point> disturbed_;
  bool calm_ = false;
  bool closing_ = false;
};

} // namespace test::sim
