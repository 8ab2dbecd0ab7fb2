#pragma once

#include "simulation/entry.hpp"

#include <map>
#include <vector>

namespace test::sim {

/// One message, as its client and the replicas that handled it tell of it.
struct parcel {
  message_name name;
  work what;
  bool request = false;
  size_t service = none;

  /// By when its client has an answer: a part by when its whole has, if that
  /// is not over already.
  bulwark::time_point deadline{};

  /// When it was asked, as which of all entries.
  bulwark::time_point asked_at{};
  uint64_t asked = 0;

  enum class state : uint8_t { waits, runs, over };

  state is = state::waits;

  /// Who handles it, or has handled it last; how often it was handled.
  size_t node = none;
  uint64_t incarnation = 0;
  size_t times = 0;

  /// How often it threw, and how often its replica ended for another reason,
  /// or was given up on.
  size_t raised = 0;
  size_t lost = 0;

  /// It has thrown, and its replica has not ended of it yet.
  bool raising = false;

  /// Its replica has ended of it.
  bool threw = false;

  /// Whether it has its permit cannot be seen: it was handed on, or the gate
  /// was stopped.
  bool unsure = false;

  /// It may have been given a permit from this entry on.
  uint64_t since = 0;

  /// Its client needs it no more.
  bool answered = false;
  bulwark::time_point answered_at{};

  /// It may be with a replica that was given up on, or nobody sees where it is.
  bool late = false;

  /// The first of these, which may have cost it a try.
  bool behind = false;

  /// A gate gives its work up not before this.
  bulwark::time_point given_up{};

  bool runs(bulwark::time_point now) const {
    return is == state::runs && !unsure && now < given_up;
  }

  /// Nobody sees what becomes of a part that was not handled.
  bool part() const { return name.part > 0; }
};

/// What clients have sent and what became of it.
///
/// Confined to one thread.
class traffic {
public:
  explicit traffic(const plan& where)
    : where_(where), stopped_(where.services.size()) {}

  void on(const entry& what);

  const std::map<message_name, parcel>& all() const { return all_; }
  const parcel& of(message_name name) const { return all_.at(name); }

  /// The parts of a message, oldest first.
  std::vector<const parcel*> parts_of(message_name whole) const;

  /// Neither answered nor handled, or handled and not done.
  const std::map<message_name, const parcel*>& open() const { return open_; }

  /// What the latest entry took from a replica that has ended, or was given up
  /// on.
  const std::vector<message_name>& cut_off() const { return cut_off_; }

  /// Its gate was told to stop.
  bool stopped(size_t service) const { return stopped_[service]; }

  /// The number of entries so far.
  uint64_t entries() const { return entries_; }

  /// The compartment that its work is done in.
  size_t bulkhead_of(const parcel& what) const {
    return where_.services[what.service].bulkhead;
  }

private:
  static void join(parcel& part, parcel& whole);
  void on_asked(const entry& what);
  void on_answered(const entry& what);
  void on_raised(const entry& what);
  void on_stopped(size_t service);
  void on_over(size_t node, uint64_t incarnation);
  void on_abandoned(const entry& what);
  void close(parcel& what);

  const plan& where_;
  std::map<message_name, parcel> all_;
  std::map<message_name, const parcel*> open_;
  std::vector<message_name> cut_off_;

  /// By service: its gate was told to stop.
  std::vector<bool> stopped_;
  uint64_t entries_ = 0;
};

} // namespace test::sim
