#pragma once

#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/supervisor/detail/children_page.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What the page shows of one node, while its supervisors are being asked.
///
/// Confined to one actor.
struct node_view {
  http_responder respond;

  /// Answers that are still to come.
  size_t open = 1;

  /// Of the root supervisor, and of those below it that have answered.
  children_page root = {};
  std::map<std::string, children_page> branches = {};

  /// So many children are listed, of all supervisors together and of one at
  /// most.
  static constexpr size_t listed_max = 2000;
  static constexpr size_t listed_of_one = 20;
};

/// `/api/children`
http_response children_answer(const std::string& node,
                              const std::string& service,
                              const children_page& what);

/// `/api/view`
http_response view_answer(const admin_sources& of, const node_view& view);

/// What came of asking a node.
struct node_said {
  std::string node;

  /// JSON; empty: it did not answer.
  std::string view = {};

  /// Why it did not.
  std::string why = {};
};

/// `/api/cluster`: what came, and the names of those that did not answer.
http_response cluster_answer(const std::string& node,
                             const std::vector<node_said>& all);

} // namespace bulwark::detail
