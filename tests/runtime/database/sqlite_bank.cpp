#include "runtime/database/sqlite_bank.hpp"

#include <bulwark/database/database_client.hpp>
#include <bulwark/database/database_messages.hpp>

#include <algorithm>

using namespace std::chrono_literals;

namespace test {

namespace {

using bulwark::further;

class sqlite_bank : public bank {
public:
  sqlite_bank(bulwark::node& node, bulwark::database_client_options options)
    : node_(node), options_(std::move(options)) {}

  bool open() override {
    if (!client_)
      client_ =
        std::make_unique<bulwark::database_client>(node_.system(), options_);
    std::string first;
    for (int i = 0; i < accounts; ++i)
      first += (i == 0 ? "(" : ", (") + std::to_string(i) + ", "
               + std::to_string(each_at_first) + ")";
    return done({"open 1",
                 {{"create table account (id integer primary key, n integer "
                   "not null check (n >= 0))"},
                  {"create table transfer (number integer primary key)"}},
                 true})
           && done({"open 2", {{"insert into account values " + first}}});
  }

  bank_history::outcome transfer(int number,
                                 const bank_history::transfer& it) override {
    auto text = [](int x) { return std::to_string(x); };
    auto result = client_->execute_write(
      {"transfer " + text(number),
       {{"update account set n = n - ? where id = ?",
         {text(it.amount), text(it.from)}},
        {"update account set n = n + ? where id = ?",
         {text(it.amount), text(it.to)}},
        {"insert into transfer (number) values (?)", {text(number)}}}});
    if (result.success) {
      if (further(result.where, newest_))
        newest_ = result.where;
      return bank_history::outcome::ok;
    }
    return result.unknown ? bank_history::outcome::unknown
                          : bank_history::outcome::failed;
  }

  view read() override {
    auto result = client_->execute_query({sqlite_query()}, newest_);
    return result.success ? view_of(result.result) : view{};
  }

  view read_from(size_t member) override {
    auto reply =
      client_->ask(member, bulwark::database_read{{sqlite_query()}, newest_});
    return reply.done ? view_of(reply.answer) : view{};
  }

  size_t members() const override { return options_.members.size(); }

  view newest() override {
    // All that was begun is in the log before this, or never.
    if (!done({"", {{"update account set n = n where id = 0"}}}))
      return {};
    return read();
  }

private:
  bool done(const bulwark::write_request& what) {
    auto result = client_->execute_write(what);
    if (result.success && further(result.where, newest_))
      newest_ = result.where;
    return result.success;
  }

  bulwark::node& node_;
  bulwark::database_client_options options_;
  std::unique_ptr<bulwark::database_client> client_;
  bulwark::log_position newest_;
};

} // namespace

std::unique_ptr<bank> bank_on(bulwark::node& node) {
  bulwark::declare_database_messages(node);
  bulwark::database_client_options options{
    {"db-primary-1", "db-primary-2", "db-standby-1", "db-standby-2"}, {}};
  options.retry = {.attempts = 4, .max = 500ms};
  for (const auto& each : options.names) {
    node.remote_service(each).gate({.timeout = 3s, .stash_wait = 50ms});
    options.members.push_back(node.gate(each));
  }
  return std::make_unique<sqlite_bank>(node, options);
}

} // namespace test
