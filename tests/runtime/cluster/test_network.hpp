#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace test {

/// The network between nodes that are processes on this machine: each is
/// reached by a port of its own here, and what one sends to another one can be
/// held back, in one direction or in both. As in a network that is cut, nothing
/// is closed, and nothing is lost that TCP would send again.
///
/// Who dials is read from CAF's first message, which holds the number of its
/// process.
///
/// Safe to call from any thread.
class test_network {
public:
  test_network();
  test_network(const test_network&) = delete;
  test_network& operator=(const test_network&) = delete;
  ~test_network();

  /// Returns a port by which that node is reached. Each call makes one more.
  uint16_t open(const std::string& node);

  /// That node is this process. To be called before it dials.
  void starts(const std::string& node, pid_t process);

  /// That node listens there, and has gone from all ports here but the newest.
  void listens(const std::string& node, uint16_t port);

  void cut(const std::string& from, const std::string& to);
  void heal(const std::string& from, const std::string& to);
  void heal_all();

  /// Closes all connections between two nodes, as a router does that restarts.
  void reset(const std::string& one, const std::string& other);

private:
  struct way {
    int from = -1;
    int to = -1;
    std::string waiting = {};
  };

  struct connection {
    std::string dialer = {};
    std::string server;
    way there;
    way back;
  };

  struct listener {
    int fd = -1;
    std::string node;
  };

  void run();
  void take_new(const listener& at);
  void name_dialer(connection& of);
  bool held(const std::string& from, const std::string& to) const;
  bool carry(connection& of);
  bool carry(way& of, bool deliver);
  static void close_both(const connection& what);

  std::mutex lock_;
  std::vector<listener> listeners_;
  std::map<std::string, uint16_t> ports_;
  std::map<pid_t, std::string> names_;
  std::set<std::pair<std::string, std::string>> cuts_;
  std::list<connection> connections_;
  std::atomic<bool> running_{true};
  std::thread thread_;
};

} // namespace test
