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

  /// When it was asked, as which of all entries.
  bulwark::time_point asked_at{};
  uint64_t asked = 0;

  enum class state : uint8_t { waits, runs, over };

  state is = state::waits;

  /// Who handles it, or has handled it last; how often it was handled.
  size_t node = none;
  uint64_t incarnation = 0;
  size_t times = 0;

  /// It may have been given a permit from this entry on.
  uint64_t since = 0;

  /// Its client needs it no more.
  bool answered = false;

  /// It may be with a replica that was given up on.
  bool late = false;

  /// A gate gives its work up not before this.
  bulwark::time_point given_up{};

  bool runs(bulwark::time_point now) const {
    return is == state::runs && now < given_up;
  }
};

/// What clients have sent and what became of it.
///
/// Confined to one thread.
class traffic {
public:
  explicit traffic(const plan& where) : where_(where) {}

  void on(const entry& what);

  const std::map<message_name, parcel>& all() const { return all_; }
  const parcel& of(message_name name) const { return all_.at(name); }

  /// Neither answered nor handled, or handled and not done.
  const std::map<message_name, const parcel*>& open() const { return open_; }

  /// The number of entries so far.
  uint64_t entries() const { return entries_; }

  /// The compartment that its work is done in.
  size_t bulkhead_of(const parcel& what) const {
    return where_.services[what.service].bulkhead;
  }

private:
  void on_asked(const entry& what);
  void on_answered(const entry& what);
  void on_over(size_t node, uint64_t incarnation);
  void on_abandoned(const entry& what);
  void close(parcel& what);

  const plan& where_;
  std::map<message_name, parcel> all_;
  std::map<message_name, const parcel*> open_;
  uint64_t entries_ = 0;
};

} // namespace test::sim
