#pragma once

#include <bulwark/database/postgres.hpp>

#include <memory>
#include <string>

namespace bench {

using table_pool = bulwark::connection_pool<bulwark::postgres>;

/// A table on a PostgreSQL server that can be locked: who reads it then waits
/// for an answer that does not come.
///
/// Confined to one thread.
class locked_table {
public:
  /// Makes the table. `address` as libpq takes it.
  explicit locked_table(std::string address);

  ~locked_table();

  locked_table(const locked_table&) = delete;
  locked_table& operator=(const locked_table&) = delete;

  const std::string& address() const { return address_; }

  void lock();
  void unlock();

  /// Reads it. @throws pqxx::failure
  static void read(bulwark::postgres_connection& by);

private:
  std::string address_;
  std::unique_ptr<bulwark::postgres_connection> owner_;
};

} // namespace bench
