#pragma once

#include "demo/child_process.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace storefront {

/// A node of the demo and the services it runs.
struct demo_node {
  std::string name;
  std::string services;
};

inline const std::array<demo_node, 3> demo_nodes{{
  {"alpha", "user_authentication,payment_processing"},
  {"beta", "product_catalog,order_management"},
  {"gamma", "analytics_reporting,email_notifications,third_party_apis"},
}};

/// Whether the node runs the service.
bool runs(const demo_node& node, const std::string& service);

/// The three nodes and the partner's server, as processes on loopback.
///
/// Confined to the main thread.
class cluster {
public:
  /// Takes each line that a process prints, with the name of who printed it.
  /// Runs on threads of its own.
  using line_taker =
    std::function<void(const std::string& who, const std::string& line)>;

  /// `programs` is the folder of the storefront's programs, `data` the one
  /// for the nodes' databases.
  cluster(std::filesystem::path programs, std::filesystem::path data,
          line_taker take);

  /// Starts everything. @throws std::system_error
  void start();

  void start_node(const std::string& name);

  /// Kills a node with SIGKILL and waits for its end.
  void kill_node(const std::string& name);

  /// Ends everything with SIGTERM and returns whether each ended with 0.
  bool stop();

  uint16_t http_port(const std::string& name) const;

  /// Where the node shows its page.
  uint16_t admin_port(const std::string& name) const;
  std::filesystem::path database(const std::string& node,
                                 const std::string& service) const;
  std::filesystem::path journal(const std::string& node) const;

private:
  struct ports {
    uint16_t link = 0;
    uint16_t http = 0;
    uint16_t admin = 0;
  };

  std::vector<std::string> arguments(const demo_node& node) const;

  std::filesystem::path programs_;
  std::filesystem::path data_;
  line_taker take_;
  std::map<std::string, ports> ports_;
  uint16_t partner_port_ = 0;
  std::map<std::string, std::unique_ptr<child_process>> running_;
};

} // namespace storefront
