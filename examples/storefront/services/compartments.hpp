#pragma once

#include <bulwark/node/node.hpp>

#include <string>

namespace storefront {

/// The tenant for which orders use other services. Clients of the front are
/// tenants by their addresses.
inline constexpr auto orders_tenant = "order_management";

/// Declares the compartments that the shop's services work in, so that a slow
/// partner or a flood of reports takes nothing from those who pay, and who
/// floods logins takes nobody else's.
void declare_compartments(bulwark::node& node);

/// Returns how many requests may be in all compartments, at work or waiting: a
/// front that takes as many leaves it to each to turn its own away.
size_t requests_in_compartments();

/// Returns the compartment of one of the shop's services.
const std::string& compartment_of(const std::string& service);

} // namespace storefront
