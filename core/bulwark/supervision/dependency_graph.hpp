#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// What a service asks of another: `required` refuses without it, `optional`
/// only degrades the answer.
enum class dependency_kind : uint8_t { required, optional };

/// Who uses whom. A name that is used but never added lives elsewhere: it
/// takes no part in the order, and no cycle can go through it.
///
/// Confined to one actor.
class dependency_graph {
public:
  struct edge {
    std::string to;
    dependency_kind kind = dependency_kind::required;
  };

  /// Adds `name` with what it uses. A second call for the same name adds to
  /// the first.
  void add(const std::string& name, std::vector<edge> uses = {});

  /// Returns one cycle, the first name repeated at the end: `a, b, a`; or
  /// nothing when there is none. Optional uses count: two services that wait
  /// for each other's answers wait until the deadline, optional or not.
  [[nodiscard]] std::optional<std::vector<std::string>> cycle() const;

  /// Returns all names so that each comes after those it uses, otherwise as
  /// they were added. Stop in the reverse order.
  /// @pre there is no cycle; names of one are left out
  [[nodiscard]] std::vector<std::string> start_order() const;

  /// Returns what `name` uses, in the order given; empty when unknown.
  [[nodiscard]] const std::vector<edge>& uses(const std::string& name) const;

private:
  struct vertex {
    std::string name;
    std::vector<edge> uses;
  };

  [[nodiscard]] const vertex* find(const std::string& name) const;

  std::vector<vertex> vertices_;
};

} // namespace bulwark
