#pragma once

#include <bulwark/http/message.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {
class json_writer;
} // namespace bulwark

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

/// Returns the name of `state` as written there.
const char* word_of(child_state state);

/// Writes what is told of each child, within an object.
void write_child(json_writer& out, const child_info& what);

/// `/api/tree`
http_response tree_answer(const tree_reading& tree);

} // namespace bulwark::detail
