#pragma once

#include <bulwark/database/postgres_orders.hpp>

namespace bulwark {

/// Makes the messages between owners of PostgreSQL servers and their watch
/// known to a node, before it asks for a gate.
template <class Node>
void declare_postgres_messages(Node& node) {
  node.template message_type<detail::postgres_order>("bulwark.postgres_order")
    .template message_type<detail::postgres_report>("bulwark.postgres_report");
}

} // namespace bulwark
