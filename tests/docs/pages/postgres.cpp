#include <bulwark/database/postgres.hpp>
#include <bulwark/pool/connection_pool.hpp>

#include <caf/blocking_actor.hpp>
#include <pqxx/transaction>

// The code of docs/pools.md that wants libpqxx.

namespace pages {

caf::error insert(caf::blocking_actor* self,
                  bulwark::connection_pool<bulwark::postgres>& pool) {
  auto db = pool.acquire(self);
  if (!db)
    return db.error();
  pqxx::work tx{*db};
  tx.exec0("insert into orders values (7, 'tea')");
  tx.commit();
  return caf::none;
}

} // namespace pages
