#pragma once

#include "containment/hold.hpp"
#include "containment/locked_table.hpp"
#include "containment/traffic.hpp"

#include <bulwark/node/node.hpp>

#include <array>
#include <memory>
#include <string>

namespace storefront {
class front;
} // namespace storefront

namespace bench {

/// What handlers of the flooded compartment do; `none`: it is not flooded.
enum class flood_kind { none, sleep, database, spin };

std::string to_string(flood_kind kind);

/// How requests come in.
enum class way { actors, http };

std::string to_string(way by);

/// A node with the storefront's compartments and its HTTP front. In three
/// of them a service computes for 100 us per request, one of these services
/// on a thread of its own. The fourth, `external_apis`, is the one to flood:
/// by services that sleep for 30 s, that read from a table in PostgreSQL which
/// somebody else has locked, or that spin, within a CPU quota.
///
/// Confined to one thread, but for the callers that it makes.
class shop {
public:
  /// Permits of the flooded compartment, as the storefront has it, and
  /// replicas of each service in it.
  static constexpr size_t permits = 15;

  /// Services in the other compartments.
  static const std::array<std::string, 3>& neighbours();

  /// Declares it all. `table` must outlive the node's services.
  shop(bulwark::node& node, locked_table& table);

  shop(const shop&) = delete;
  shop& operator=(const shop&) = delete;

  ~shop();

  /// Returns what makes callers of a service.
  caller_factory callers(const std::string& service, way by) const;

  /// From now on handlers of that kind hang.
  void hang(flood_kind kind);

  /// None does any more. Returns whether all of the flooded compartment was
  /// given back, and connections are there again, within 40 s.
  bool let_go();

  /// Which service to flood. @pre not `none`
  static const std::string& flooded(flood_kind kind);

  /// Whether the node was told to stop.
  bool stopped() const;

  /// Of the flooded compartment.
  bulwark::bulkhead_stats stats() const;

private:
  bool calm() const;

  bulwark::node& node_;
  locked_table& table_;
  std::shared_ptr<hold> hold_ = std::make_shared<hold>();
  table_pool pool_;
  std::shared_ptr<storefront::front> front_;
  uint16_t port_ = 0;
};

} // namespace bench
