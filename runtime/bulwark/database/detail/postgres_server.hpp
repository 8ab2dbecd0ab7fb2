#pragma once

#include <bulwark/database/detail/server_process.hpp>
#include <bulwark/database/postgres_orders.hpp>
#include <bulwark/database/postgres_owner.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace bulwark::detail {

/// One server of PostgreSQL: its data, its settings and its process, and how it
/// becomes primary and standby. It decides nothing.
///
/// What fails throws `std::exception`; `look` does not.
///
/// Confined to one thread.
class postgres_server {
public:
  explicit postgres_server(const postgres_owner_options& options);

  postgres_report look();

  /// @throws std::exception
  void obey(const postgres_order& order);

private:
  std::filesystem::path data() const { return options_.folder / "data"; }
  std::filesystem::path log() const { return options_.folder / "log"; }
  std::filesystem::path half_done() const {
    return options_.folder / "half_done";
  }
  bool is_empty() const;
  bool is_standby() const;
  bool is_running() const { return process_ && process_->runs(); }

  uint64_t promised() const;
  void keep_promise(uint64_t timeline) const;
  void create();
  void leave();
  void promote();
  void open();
  void follow(const std::string& source, uint16_t port);
  void rejoin(const std::string& source, uint16_t port);

  void start(bool standby);
  bool try_start();
  void stop();
  void write_settings() const;
  void back_up(uint16_t from);
  void reserve_slot(uint16_t at) const;
  std::string slot() const;
  std::string program(const char* name) const;
  void run(const char* name, const std::vector<std::string>& arguments) const;
  void ask(server_view& view);

  postgres_owner_options options_;
  std::shared_ptr<server_process> process_;
  std::string source_;
  uint16_t source_port_ = 0;
  bool left_ = false;
  bool open_ = false;
  int silent_ = 0;
  int without_stream_ = 0;
  uint64_t open_from_ = 0;
  std::string note_;
};

} // namespace bulwark::detail
