#include "containment/locked_table.hpp"

#include <pqxx/nontransaction>

#include <utility>

namespace bench {

locked_table::locked_table(std::string address)
  : address_(std::move(address)), owner_(bulwark::postgres{{address_}}.open()) {
  pqxx::nontransaction session{*owner_};
  session.exec("create table stock (n integer)");
  // Sessions whose client was taken away end, instead of waiting for the lock.
  session.exec("alter role current_user set client_connection_check_interval "
               "= '200ms'");
}

locked_table::~locked_table() = default;

void locked_table::lock() {
  pqxx::nontransaction session{*owner_};
  session.exec("begin");
  session.exec("lock table stock");
}

void locked_table::unlock() {
  pqxx::nontransaction{*owner_}.exec("rollback");
}

void locked_table::read(bulwark::postgres_connection& by) {
  pqxx::nontransaction{by}.exec("select count(*) from stock");
}

} // namespace bench
