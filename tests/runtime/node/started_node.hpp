#pragma once

#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/node.hpp>
#include <bulwark/options/config_error.hpp>

#include <caf/event_based_actor.hpp>

#include <functional>
#include <string>

namespace test {

/// A node that is started by hand, and writes down errors only.
///
/// Confined to one thread.
struct node_by_hand {
  bulwark::detail::node_core core{quiet(), [] {}};
  bulwark::node it{core};

  static bulwark::given_options quiet() {
    bulwark::given_options result;
    result.node.level = bulwark::log_level::error;
    return result;
  }

  ~node_by_hand() { core.stop(); }
};

inline std::string complaint_of(const std::function<void()>& what) {
  try {
    what();
  } catch (const bulwark::config_error& problem) {
    return problem.what();
  }
  return "none";
}

inline caf::behavior echo(caf::event_based_actor*) {
  return {[](int x) { return x; }};
}

} // namespace test
