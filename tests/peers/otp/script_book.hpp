#pragma once

#include "peers/otp/cases.hpp"

namespace test::otp {

/// Returns whether a supervisor starts a child again that ended like that.
bool starts_again(restart_type type, exit_class how);

/// The script of a case while it is being written, and a rough book of who
/// does not run: what restarts and the ends of supervisors do to others is not
/// in it. It serves to find somebody for the next step.
///
/// Confined to one thread.
class script_book {
public:
  explicit script_book(std::vector<node> tree);

  void add(const action& step);

  /// Returns the case so far, without its number.
  const peer_case& made() const { return made_; }

  /// @pre it is in the tree or was started
  const node& find(const std::string& id) const;

  /// Returns all children, those of the tree before those started.
  const std::vector<node>& children() const { return children_; }

  std::vector<node> children_of(const std::string& parent) const;
  std::vector<node> workers_of(const std::string& parent) const;

  /// Returns the ids of those that are not expected to run.
  const std::vector<std::string>& down() const { return down_; }

  bool is_down(const std::string& id) const;

private:
  peer_case made_;
  std::vector<node> children_;
  std::vector<std::string> down_;
};

} // namespace test::otp
