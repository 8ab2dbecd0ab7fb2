#pragma once

#include "support/deterministic_system.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/cluster/detail/role_actor.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/events/monitor.hpp>

#include <caf/actor.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// Nodes of which only the roles are real, on virtual time, and which want the
/// role `backup`. Who hears whom is said by the test.
///
/// Confined to one thread.
class role_town {
public:
  explicit role_town(std::vector<std::string> voters);
  ~role_town();

  role_town(const role_town&) = delete;
  role_town& operator=(const role_town&) = delete;

  /// Starts a node that hears nobody; one that was there before is stopped, and
  /// keeps its file.
  void start(const std::string& name, bool wants = true);
  void stop(const std::string& name);

  void connect(const std::string& one, const std::string& other);
  void cut(const std::string& one, const std::string& other);
  void connect_all();
  void isolate(const std::string& name);

  /// Lets time pass and fails the test if two nodes have the role at once.
  void advance(bulwark::duration time);

  /// Who has the role, or "".
  std::string holder() const;
  std::optional<uint64_t> token(const std::string& name) const;

  /// What the hooks of that node's role heard: `gained 1`, `lost`.
  const std::vector<std::string>& heard(const std::string& name) {
    return members_[name].heard;
  }

  const caf::actor& roles(const std::string& name) {
    return members_[name].roles;
  }

  size_t count(bulwark::event_kind kind, const std::string& component) const;

  /// Of the files of all voters.
  std::filesystem::path folder() const { return folder_.path() / "data"; }
  std::filesystem::path file(const std::string& name) const {
    return folder() / (name + ".roles");
  }

  deterministic_system rig;

private:
  struct member {
    uint64_t boot = 0;
    std::shared_ptr<bulwark::detail::role_state> state;
    caf::actor roles;
    std::vector<std::string> heard;
  };

  void tell_up(const std::string& whom, const std::string& of);

  temp_folder folder_;
  std::vector<std::string> voters_;
  std::vector<bulwark::event> events_;
  bulwark::running_monitor monitor_;
  std::map<std::string, member> members_;
};

} // namespace test
