#pragma once

#include <bulwark/database/member_requests.hpp>
#include <bulwark/replication/log_entry.hpp>

#include <caf/meta/type_name.hpp>

namespace bulwark {

// How what a member is asked, and answers, travels between nodes.

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, log_position& x) {
  return f(caf::meta::type_name("log_position"), x.epoch, x.sequence,
           x.checksum);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, log_entry& x) {
  return f(caf::meta::type_name("log_entry"), x.epoch, x.sequence,
           x.predecessor, x.kind, x.request, x.answer, x.content);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, sql_statement& x) {
  return f(caf::meta::type_name("sql_statement"), x.sql, x.values);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, write_request& x) {
  return f(caf::meta::type_name("write_request"), x.id, x.statements, x.schema);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, replica_shipment& x) {
  return f(caf::meta::type_name("replica_shipment"), x.epoch, x.entries,
           x.image, x.where);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, database_read& x) {
  return f(caf::meta::type_name("database_read"), x.query, x.not_older);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, database_reply& x) {
  return f(caf::meta::type_name("database_reply"), x.done, x.kind, x.unknown,
           x.error, x.answer, x.where, x.primary);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f,
                                        database_status_request&) {
  return f(caf::meta::type_name("database_status_request"));
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, database_status& x) {
  return f(caf::meta::type_name("database_status"), x.member, x.primary,
           x.leads, x.promised, x.last, x.acknowledged, x.dropped);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, database_force&) {
  return f(caf::meta::type_name("database_force"));
}

} // namespace bulwark
