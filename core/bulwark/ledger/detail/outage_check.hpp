#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/report.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace bulwark {

/// How a component is, as its supervisor knows it. `unclear`: it is about to
/// start or to stop, and will tell.
enum class supervised_state : uint8_t { up, down, ended, unclear };

struct component_state {
  std::string path;
  bool is_service = false;
  supervised_state state = supervised_state::unclear;
};

/// Sets the ledger right about the replicas and services of one node, where
/// events of theirs were dropped. A round begins with a report; then comes
/// what supervisors say, each a share. Whatever has told an event meanwhile is
/// left as it is.
///
/// Confined to one actor.
class outage_check {
public:
  using paths = std::set<std::string>;

  /// A round in which more components change is given up.
  static constexpr size_t changes_max = 100'000;

  /// Begins a round; one supervisor is going to answer. Replaces the one
  /// before it.
  void begin(const fault_tolerance_report& of, const std::string& node);

  uint64_t round() const noexcept { return round_; }

  /// Which have an open outage in the ledger.
  /// @pre a round has begun
  std::shared_ptr<const paths> open() const { return open_; }

  /// An event of that component was recorded.
  void changed(const std::string& path);

  /// One supervisor has answered, and so many more are going to. Returns what
  /// is to be recorded. An answer of another round has no effect.
  std::vector<event> answered(uint64_t round, size_t more,
                              const std::vector<component_state>& share);

private:
  struct known {
    component_kind kind;
    component_condition condition;
  };

  void look(const component_state& at, std::vector<event>& out);
  void end(std::vector<event>& out);

  uint64_t round_ = 0;

  // Supervisors that have not answered; 0: no round runs.
  size_t left_ = 0;

  // What the ledger knows, without what has changed or was looked at.
  std::map<std::string, known> known_;
  paths settled_;
  std::shared_ptr<const paths> open_;

  // The ledger has no place for all.
  bool crowded_ = false;
};

} // namespace bulwark
