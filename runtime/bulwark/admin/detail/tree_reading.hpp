#pragma once

#include <bulwark/http/message.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// The tree of a node while it is being asked for, supervisor by supervisor.
///
/// Confined to one actor.
struct tree_reading {
  /// The root's children, and what is known of those of each.
  struct branch {
    child_info it;
    std::vector<child_info> children = {};

    /// Why nothing is known of them.
    std::string unknown = {};
  };

  std::string node;
  http_responder respond;
  std::vector<branch> branches = {};

  /// So many children of one supervisor are told one by one.
  static constexpr size_t listed_max = 1000;
};

/// `/api/tree`
http_response tree_answer(const tree_reading& tree);

} // namespace bulwark::detail
