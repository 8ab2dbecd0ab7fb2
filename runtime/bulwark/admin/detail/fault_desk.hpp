#pragma once

#include <bulwark/admin/detail/experiment_tag.hpp>
#include <bulwark/chaos/blast_radius.hpp>
#include <bulwark/chaos/fault_leases.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What an experiment wants of a node.
///
/// Immutable after construction.
struct fault_order {
  enum class act : uint8_t {
    /// It begins, or goes on where the node was started anew: events carry its
    /// name from now on.
    begin,
    /// A fault is lent, for `fault_leases::lease`.
    lend,
    /// All that was lent lasts anew.
    renew,
    /// All faults end; events go on to carry the name.
    lift,
    /// It is over.
    end,
  };

  act what = act::begin;
  std::string experiment;

  /// Of `lend`: its name among those of the experiment.
  std::string id = {};
  bulwark::fault fault = {};
  blast_radius blast = {};
  uint64_t random = 0;
};

/// Where faults of a node happen. Functions are called by the control actor,
/// must not block, and none may be empty.
///
/// Immutable after construction.
struct fault_targets {
  /// Returns why not, or nothing.
  std::function<std::optional<std::string>(const fault_order&)> lend;

  /// Both without effect for what is over.
  std::function<void(const std::string& id)> renew;
  std::function<void(const std::string& id)> lift;
};

/// The faults that are lent at one node, of one experiment at a time, and its
/// name for the node's events. Targets have leases of their own, which end
/// whatever becomes of this; this one tells of it.
///
/// Confined to one actor.
class fault_desk {
public:
  /// `component` is that of its events.
  fault_desk(fault_targets targets, std::shared_ptr<experiment_tag> tag,
             std::string component, emitter events);

  /// Returns why not, or nothing.
  [[nodiscard]] std::optional<std::string> take(const fault_order& what,
                                                time_point now);

  /// Ends all: the node stops.
  void stop() { lift("ended with the node"); }

  /// The faults that last.
  [[nodiscard]] std::vector<fault> active(time_point now) {
    return leases_.active(now);
  }

  /// Ends what was not renewed; returns when something may be over next.
  [[nodiscard]] std::optional<time_point> look(time_point now);

private:
  [[nodiscard]] std::optional<std::string> begin(const std::string& experiment,
                                                 time_point now);
  [[nodiscard]] std::optional<std::string> lend(const fault_order& what,
                                                time_point now);
  void renew(time_point now);
  void lift(const std::string& how);
  void forget();
  void tell(const std::string& change, const std::string& id,
            const fault& what);

  fault_targets targets_;
  std::shared_ptr<experiment_tag> tag_;
  std::string component_;
  emitter events_;
  fault_leases leases_;

  /// Of the experiment that goes on; by their ids, to tell of their ends.
  std::string experiment_;
  time_point until_{};
  std::map<std::string, fault> lent_;
};

} // namespace bulwark::detail
