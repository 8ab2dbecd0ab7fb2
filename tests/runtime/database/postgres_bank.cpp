#include "runtime/database/postgres_bank.hpp"

#include <bulwark/database/postgres_client.hpp>

using namespace std::chrono_literals;

namespace test {

namespace {

bulwark::postgres_client_options three_servers(uint16_t port) {
  bulwark::postgres_client_options result{{"pg-1", "pg-2", "pg-3"}, {}};
  result.retry = {.attempts = 6, .max = 500ms};
  for (int i = 0; i < 3; ++i)
    result.connections.push_back("host=127.0.0.1 user=app dbname=app port="
                                 + std::to_string(port + i));
  return result;
}

class postgres_bank : public bank {
public:
  explicit postgres_bank(uint16_t port) : client_(three_servers(port)) {}

  bool open() override {
    if (open_)
      return true;
    std::string first;
    for (int i = 0; i < accounts; ++i)
      first += (i == 0 ? "(" : ", (") + std::to_string(i) + ", "
               + std::to_string(each_at_first) + ")";
    return open_ =
             done({"open",
                   {{"create table account (id int primary key, n int not null "
                     "check (n >= 0))"},
                    {"create table transfer (number int primary key)"},
                    {"insert into account values " + first}}});
  }

  bank_history::outcome transfer(int number,
                                 const bank_history::transfer& it) override {
    auto text = [](int x) { return std::to_string(x); };
    auto result = client_.execute_write(
      {"transfer " + text(number),
       {{"update account set n = n - $1::int where id = $2::int",
         {text(it.amount), text(it.from)}},
        {"update account set n = n + $1::int where id = $2::int",
         {text(it.amount), text(it.to)}},
        {"insert into transfer (number) values ($1::int)", {text(number)}}}});
    if (result.success) {
      note(result);
      return bank_history::outcome::ok;
    }
    return result.unknown ? bank_history::outcome::unknown
                          : bank_history::outcome::failed;
  }

  view read() override {
    auto result = client_.execute_query(
      {"select (select sum(n) from account) || ';' || (select "
       "string_agg(n::text, ',' order by id) from account) || ';' || "
       "coalesce((select string_agg(number::text, ',') from transfer), '')"},
      newest_);
    return result.success ? view_of(result.result) : view{};
  }

  view read_from(size_t) override { return read(); }
  size_t members() const override { return 1; }

  view newest() override {
    if (!done({"last " + std::to_string(++last_),
               {{"update account set n = n where id = 0"}}}))
      return {};
    return read();
  }

private:
  bool done(const bulwark::write_request& what) {
    auto result = client_.execute_write(what);
    note(result);
    return result.success;
  }

  void note(const bulwark::query_result& result) {
    if (result.success && further(result.where, newest_))
      newest_ = result.where;
  }

  bulwark::postgres_client client_;
  bulwark::log_position newest_;
  bool open_ = false;
  int last_ = 0;
};

} // namespace

std::unique_ptr<bank> postgres_bank_on(uint16_t port) {
  return std::make_unique<postgres_bank>(port);
}

} // namespace test
