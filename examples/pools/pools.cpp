// What services share and must not use up: connections to a database, threads
// for what takes long, memory. What you see: two orders of tea, one of too
// much, a small thumbnail, and one that is larger than its service may be.
#include <bulwark/bulwark.hpp>
#include <bulwark/database/sqlite.hpp>
#include <bulwark/pool/memory_pool.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <SQLiteCpp/Statement.h>
#include <caf/event_based_actor.hpp>

#include <iostream>
#include <memory_resource>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using bulwark::pool_task;
using stock_pool = bulwark::connection_pool<bulwark::sqlite>;

/// Runs SQL in its own thread. The connection goes back when the handler is
/// left, also by an exception.
caf::behavior stock(caf::event_based_actor* self, const stock_pool& pool) {
  return {[=](const std::string& what, int n) -> caf::result<std::string> {
    auto db = pool.acquire(self);
    if (!db)
      return db.error();
    SQLite::Statement take{
      *db, "update stock set n = n - ? where what = ? and n >= ?"};
    take.bind(1, n);
    take.bind(2, what);
    take.bind(3, n);
    if (take.exec() == 0)
      return "there is not so much " + what;
    return std::to_string(n) + " of " + what;
  }};
}

/// Hands its client on to a pool of threads, where the pixels are charged.
caf::behavior thumbnails(caf::event_based_actor* self,
                         const bulwark::thread_pool& threads,
                         const bulwark::memory_account& memory) {
  return {[=](int width) {
    return self->delegate(
      threads.handle(), pool_task{[=] {
        std::pmr::vector<char> pixels(width * width, 'x', &memory.resource());
        return "a thumbnail of " + std::to_string(pixels.size()) + " pixels";
      }});
  }};
}

/// Asks for all at once.
caf::behavior visitor(caf::event_based_actor* self, const caf::actor& shop,
                      const caf::actor& painter) {
  auto print = [=](const std::string& x) { std::cout << x << std::endl; };
  auto fail = [=](const caf::error& x) { print(bulwark::describe(x)); };
  for (int n : {3, 4, 100})
    self->request(shop, 5s, std::string{"tea"}, n).then(print, fail);
  for (int width : {10, 1000})
    self->request(painter, 5s, width).then(print, fail);
  return {[](const std::string&) {}};
}

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, [](bulwark::node& node) {
    stock_pool pool{
      node.system(),
      {.name = "stock_db", .connections = {.max = 4}, .events = node.events()},
      bulwark::sqlite{{.file = node.data() / "stock.db",
                       .setup = "create table if not exists stock "
                                "(what text primary key, n integer);"
                                "insert or ignore into stock values "
                                "('tea', 10)"}}};
    bulwark::thread_pool threads{node.system(),
                                 {.name = "painters",
                                  .threads = {.max = 2},
                                  .events = node.events(),
                                  .letters = node.letter_box()}};
    bulwark::memory_pool memory{node.system(), "images", 1'000'000};
    auto account = memory.account({.consumer = "thumbnails", .limit = 10'000});
    node.on_stop([=] {
      pool.stop();
      threads.stop();
      memory.stop();
    });
    node.service("stock", stock, pool).blocking();
    node.service("thumbnails", thumbnails, threads, account);
    node.service("visitor", visitor, node.gate("stock"),
                 node.gate("thumbnails"));
  });
}
