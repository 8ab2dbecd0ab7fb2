#pragma once

#include <bulwark/node/node.hpp>
#include <bulwark/options/host_port.hpp>

#include <set>
#include <string>

namespace storefront {

/// Which of the services a node runs, and how.
struct service_plan {
  std::set<std::string> names;
  bulwark::host_port partner;
  bool chaos = false;
};

/// Reads a list such as "product_catalog,order_management"; "all" is all.
/// @throws bulwark::config_error which names an unknown service
std::set<std::string> parse_services(const std::string& list);

/// Declares the services of the plan, each with a database of its own in the
/// node's folder.
/// @throws bulwark::config_error when a database belongs to another node
void declare_services(bulwark::node& node, const service_plan& plan);

} // namespace storefront
