#pragma once

#include "peers/otp/cases.hpp"
#include "support/dice.hpp"

namespace test::otp {

/// What a case is about.
struct case_plan {
  // The supervisor in focus and one worker of it.
  restart_strategy strategy = restart_strategy::one_for_one;
  restart_type restart = restart_type::permanent;
  exit_class how = exit_class::normal;

  /// There are supervisors below the root.
  bool nested = false;

  /// Something goes wrong in the middle of a restart.
  bool disturbed = false;
};

/// The tree of a case, and whom its plan is about.
struct planned_tree {
  std::vector<node> nodes;

  /// Id of the supervisor in focus.
  std::string supervisor;

  /// Id of its worker in focus; empty when it has a template.
  std::string worker;

  /// For ids to come.
  uint32_t workers = 0;
};

[[nodiscard]] planned_tree make_tree(const case_plan& plan, dice& chance);

} // namespace test::otp
