#include <bulwark/database/detail/postgres_server.hpp>
#include <bulwark/database/detail/server_control.hpp>

#include <pqxx/result>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

using namespace std::chrono_literals;

namespace {

constexpr int looks_without_answer = 2;
constexpr int looks_without_stream = 25;

/// The latest that a server's log knows of.
uint64_t timeline_of(const std::filesystem::path& data) {
  uint64_t result = 1;
  std::error_code ignored;
  for (const auto& each :
       std::filesystem::directory_iterator{data / "pg_wal", ignored})
    if (each.path().extension() == ".history")
      result = std::max<uint64_t>(
        result, std::stoull(each.path().stem().string(), nullptr, 16));
  return result;
}

constexpr auto place_query =
  "select pg_is_in_recovery()::int, (case when pg_is_in_recovery() then "
  "greatest(coalesce(pg_last_wal_receive_lsn(), '0/0'), "
  "coalesce(pg_last_wal_replay_lsn(), '0/0')) else pg_current_wal_flush_lsn() "
  "end - '0/0')::bigint, (select count(*) from pg_stat_wal_receiver where "
  "status = 'streaming')";

} // namespace

postgres_server::postgres_server(const postgres_owner_options& options)
  : options_(options) {
  give_to_servers(options_.folder);
}

bool postgres_server::is_empty() const {
  return !std::filesystem::exists(data() / "PG_VERSION")
         || std::filesystem::exists(half_done());
}

bool postgres_server::is_standby() const {
  return std::filesystem::exists(data() / "standby.signal");
}

// -- looking ------------------------------------------------------------------

postgres_report postgres_server::look() {
  postgres_report result;
  auto& view = result.view;
  view.answered = true;
  view.empty = is_empty();
  view.timeline = view.empty ? 0 : timeline_of(data());
  view.standby = is_standby();
  view.promised = promised();
  view.running = is_running();
  view.left = left_ && view.running;
  view.source = source_;
  view.open = open_;
  if (view.running)
    ask(view);
  result.port = options_.port;
  result.note = std::exchange(note_, "");
  return result;
}

void postgres_server::ask(server_view& view) {
  try {
    auto row = asked(options_.port, place_query)[0];
    view.standby = row[0].as<int>() != 0;
    view.place = row[1].as<uint64_t>();
    auto streams = row[2].as<int>() != 0 || !view.standby || left_;
    without_stream_ = streams ? 0 : without_stream_ + 1;
    view.stuck = without_stream_ > looks_without_stream;
    silent_ = 0;
  } catch (const std::exception& e) {
    view.hung = ++silent_ >= looks_without_answer;
  }
}

// -- doing --------------------------------------------------------------------

void postgres_server::obey(const postgres_order& order) {
  using enum server_order::kind;
  switch (order.what) {
  case create:
    return this->create();
  case stop:
    return this->stop();
  case leave:
    return this->leave();
  case promise:
    return keep_promise(order.timeline);
  case promote:
    return this->promote();
  case restart:
    return start(false);
  case follow:
    return this->follow(order.source, order.port);
  case rejoin:
    return this->rejoin(order.source, order.port);
  case open:
    return this->open();
  }
}

void postgres_server::create() {
  std::filesystem::remove_all(data());
  run("initdb", {"--pgdata", data().string(), "--username=bulwark",
                 "--auth=trust", "--encoding=UTF8", "--locale=C",
                 "--data-checksums", "--no-instructions"});
  start(false);
  asked(options_.port, "create role app login");
  asked(options_.port, "create database app owner app");
}

void postgres_server::leave() {
  source_.clear();
  if (is_running()) {
    write_settings();
    process_->reload();
    await("to leave the primary", 5s, [this] {
      return number_asked(options_.port,
                          "select count(*) from pg_stat_wal_receiver")
             == 0;
    });
  } else {
    start(true);
  }
  // What has been received counts once it has been read back.
  uint64_t before = 0;
  await("to read the log", server_patience, [&] {
    auto now = number_asked(options_.port,
                            "select (coalesce(pg_last_wal_replay_lsn(), '0/0') "
                            "- '0/0')::bigint from pg_sleep(0.1)");
    return std::exchange(before, now) == now;
  });
  left_ = true;
}

void postgres_server::promote() {
  open_ = false;
  write_settings();
  process_->reload();
  asked(options_.port, "select pg_promote(false)");
  await("to promote " + options_.name, server_patience, [this] {
    return number_asked(options_.port, "select pg_is_in_recovery()::int") == 0;
  });
  left_ = false;
  open_from_ = 0;
}

void postgres_server::open() {
  if (open_from_ == 0)
    open_from_ = number_asked(
      options_.port, "select (pg_current_wal_flush_lsn() - '0/0')::bigint");
  auto have = number_asked(options_.port,
                           "select count(*) from pg_stat_replication where "
                           "state = 'streaming' and (flush_lsn - "
                           "'0/0')::bigint >= "
                             + std::to_string(open_from_));
  if (have == 0)
    return;
  open_ = true;
  write_settings();
  process_->reload();
  note_ = options_.name + " is the primary of timeline "
          + std::to_string(timeline_of(data()));
}

void postgres_server::follow(const std::string& source, uint16_t port) {
  reserve_slot(port);
  if (is_empty())
    back_up(port);
  source_ = source;
  source_port_ = port;
  left_ = false;
  without_stream_ = 0;
  open_ = true;
  if (!is_running()) {
    start(true);
  } else {
    write_settings();
    process_->reload();
  }
  note_ = options_.name + " follows " + source;
}

void postgres_server::rejoin(const std::string& source, uint16_t port) {
  stop();
  // A source that has not written its checkpoint yet looks older than it is.
  asked(port, "checkpoint");
  // What is half done is never started, also when this process ends here.
  std::ofstream{half_done()} << "pg_rewind";
  auto fault = run_program(program("pg_rewind"),
                           {"--target-pgdata=" + data().string(),
                            "--source-server=" + control_text(port)},
                           log(), server_patience);
  std::string how = "pg_rewind";
  if (fault.empty()) {
    std::filesystem::remove(half_done());
  } else {
    how = "a base backup, because " + fault;
    back_up(port);
  }
  follow(source, port);
  note_ += "; it dropped what only it had, by " + how;
}

} // namespace bulwark::detail
