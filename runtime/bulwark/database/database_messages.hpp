#pragma once

#include <bulwark/database/member_calls.hpp>
#include <bulwark/database/member_messages.hpp>

namespace bulwark {

/// Makes the messages of replicated databases known to a node, so that they can
/// travel: on each node that has a member or asks one, before it asks for a
/// gate.
template <class Node>
void declare_database_messages(Node& node) {
  node.template message_type<write_request>("bulwark.write_request")
    .template message_type<database_read>("bulwark.database_read")
    .template message_type<database_reply>("bulwark.database_reply")
    .template message_type<database_status_request>(
      "bulwark.database_status_request")
    .template message_type<database_status>("bulwark.database_status")
    .template message_type<database_force>("bulwark.database_force")
    .template message_type<replica_shipment>("bulwark.replica_shipment")
    .template message_type<detail::offer_answer>("bulwark.offer_answer")
    .template message_type<detail::member_ask>("bulwark.member_ask")
    .template message_type<detail::member_stand>("bulwark.member_stand")
    .template message_type<detail::told_position>("bulwark.told_position");
}

} // namespace bulwark
