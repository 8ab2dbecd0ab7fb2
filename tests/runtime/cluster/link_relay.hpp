#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <string>
#include <thread>

namespace test {

/// A wire between nodes that can be cut: what connects to its port on loopback
/// is connected to the target's, as long as it is whole.
///
/// Safe to call from any thread.
class link_relay {
public:
  /// Listens on a port that the system chooses. Nothing is behind it yet.
  link_relay();
  link_relay(const link_relay&) = delete;
  link_relay& operator=(const link_relay&) = delete;
  ~link_relay();

  uint16_t port() const { return port_; }

  /// Where further connections lead to.
  void lead_to(uint16_t port) { target_ = port; }

  /// Closes all connections, with what is on its way, and further ones as they
  /// come.
  void cut() { whole_ = false; }
  void heal() { whole_ = true; }

private:
  // What was read from one side and is not written to the other one yet.
  struct half {
    int from = -1;
    int to = -1;
    std::string waiting = {};
  };

  struct wire {
    half there;
    half back;
  };

  void run();
  void take_new();
  static bool carry(half& of);
  static void close_both(const wire& what);

  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<uint16_t> target_{0};
  std::atomic<bool> whole_{true};
  std::atomic<bool> running_{true};
  std::list<wire> wires_;
  std::thread thread_;
};

} // namespace test
