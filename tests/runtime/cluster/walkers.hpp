#pragma once

#include "runtime/cluster/test_network.hpp"
#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/time/time.hpp>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace test {

inline const std::vector<std::string> walk_names{"alpha", "beta", "gamma",
                                                 "delta", "epsilon"};

/// Five nodes, each a process of role_node.cpp, and the network between them.
///
/// Confined to one thread.
class walkers {
public:
  walkers();

  test_network network;

  /// Joins one other node, whichever: it knows the others from the disk, and
  /// hears of them.
  void start(const std::string& name);

  void kill(const std::string& name, int signal = SIGKILL);

  void move(const std::string& name) { ports_[name] = network.open(name); }

  void signal(const std::string& name, int number);

  void cut_off(const std::string& name, bool in, bool out);

  /// Reads what they print, so that none waits for it.
  void pass(bulwark::duration time);

  /// What that node knows of each other one.
  std::map<std::string, std::string> states(const std::string& name);

  void await_members();

  /// The gate of each node answers, and the singleton too.
  void await_answers();

  /// Each request has one answer, but for those of the last 2 s.
  void check_requests();

  /// No deed of an older token was done after one of a newer.
  void check_deeds();

  /// Who was taken for lost, by whom: `alpha beta`, as all journals tell.
  std::multiset<std::string> lost();

  void check_ledgers();

private:
  struct deed {
    uint64_t token = 0;
    int64_t at = 0;
  };

  std::string folder(const std::string& name) const;

  std::filesystem::path journal(const std::string& name) const;

  bool agree() const;

  std::string report(const std::string& name, bulwark::wall_time at) const;

  static void read(process& from, bulwark::duration time);

  void remember(const std::string& name);

  temp_folder folder_;
  std::map<std::string, uint16_t> ports_;
  std::map<std::string, uint16_t> admins_;
  std::map<std::string, std::unique_ptr<process>> all_;
  std::vector<deed> deeds_;
  bool begun_without_role_ = false;
};

} // namespace test
