#include <bulwark/database/detail/server_control.hpp>

#include <pqxx/connection>
#include <pqxx/nontransaction>

namespace bulwark::detail {

std::string control_text(uint16_t port) {
  // Its own changes wait for no standby: there may be none yet.
  return "host=127.0.0.1 port=" + std::to_string(port)
         + " user=bulwark dbname=postgres sslmode=disable connect_timeout=2 "
           "options='-c statement_timeout=3000 -c synchronous_commit=local'";
}

pqxx::result asked(uint16_t port, const std::string& sql) {
  pqxx::connection control{control_text(port)};
  pqxx::nontransaction session{control};
  return session.exec(sql);
}

uint64_t number_asked(uint16_t port, const std::string& sql) {
  return asked(port, sql)[0][0].as<uint64_t>();
}

} // namespace bulwark::detail
