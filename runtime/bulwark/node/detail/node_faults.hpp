#pragma once

#include <bulwark/chaos/detail/fault_port.hpp>
#include <bulwark/chaos/detail/leased_faults.hpp>
#include <bulwark/cluster/detail/wire/connection.hpp>
#include <bulwark/journal/journal_options.hpp>

#include <caf/fwd.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace bulwark::detail {

/// Where the faults of a node happen: at its services, on the connections to
/// other nodes, at the disk of its journal. On a node that may not practise
/// failure nobody asks for any of them.
///
/// Safe to call from any thread.
class node_faults {
public:
  node_faults();

  /// Returns the port of a service; makes it.
  std::shared_ptr<fault_port> port_of(const std::string& service,
                                      caf::actor_system& sys);

  /// Null: there is none.
  std::shared_ptr<fault_port> find_port(const std::string& service) const;

  leased_faults& links() const { return *links_; }
  leased_faults& disk() const { return *disk_; }

  /// What the cluster and the journal ask. They may outlive this object.
  std::function<wire_faults(const std::string& node)>
  wire_faults_source() const;
  std::function<disk_trouble()> disk_trouble_source() const;

  /// Wherever the fault is; without effect when it is over.
  void renew(const std::string& id);
  void lift(const std::string& id);

private:
  std::map<std::string, std::shared_ptr<fault_port>> ports() const;

  std::shared_ptr<leased_faults> links_;
  std::shared_ptr<leased_faults> disk_;
  mutable std::mutex lock_;
  std::map<std::string, std::shared_ptr<fault_port>> ports_;
};

} // namespace bulwark::detail
