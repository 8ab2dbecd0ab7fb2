#pragma once

#include <bulwark/supervisor/child_spec.hpp>

#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

// What can be asked of supervisors, also from another node.

/// To a supervisor, answered with `child_counts`.
struct child_counts_request {};

/// How many children a supervisor has.
struct child_counts {
  /// All, in whatever state; 1, the template, with simple_one_for_one.
  uint64_t specs = 0;

  /// Those that were started and have not ended.
  uint64_t active = 0;

  uint64_t supervisors = 0;
  uint64_t workers = 0;

  friend bool operator==(const child_counts&, const child_counts&) = default;
};

/// To a supervisor, answered with `child_list`.
struct which_children {};

/// One child, as it is now.
struct child_info {
  std::string id;
  child_kind kind = child_kind::worker;
  child_state state = child_state::starting;
  uint64_t incarnation = 0;

  /// Restarts in all.
  uint64_t restarts = 0;

  friend bool operator==(const child_info&, const child_info&) = default;
};

/// All children of a supervisor, in the order they are started.
struct child_list {
  std::vector<child_info> children;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_counts_request&) {
  return f(caf::meta::type_name("bulwark.child_counts_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_counts& x) {
  return f(caf::meta::type_name("bulwark.child_counts"), x.specs, x.active,
           x.supervisors, x.workers);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, which_children&) {
  return f(caf::meta::type_name("bulwark.which_children"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_info& x) {
  return f(caf::meta::type_name("bulwark.child_info"), x.id, x.kind, x.state,
           x.incarnation, x.restarts);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_list& x) {
  return f(caf::meta::type_name("bulwark.child_list"), x.children);
}

} // namespace bulwark
