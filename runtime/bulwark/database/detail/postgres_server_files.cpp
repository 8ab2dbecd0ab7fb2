// The process, settings and files of a PostgreSQL server.
#include <bulwark/database/detail/postgres_server.hpp>
#include <bulwark/database/detail/server_control.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace bulwark::detail {

uint64_t postgres_server::promised() const {
  uint64_t result = 0;
  std::ifstream{options_.folder / "promised"} >> result;
  return result;
}

void postgres_server::keep_promise(uint64_t timeline) const {
  // Whoever reads it finds the old one or this one, also after a power cut.
  auto fresh = options_.folder / "promised.new";
  std::ofstream{fresh} << timeline << '\n';
  for (const auto& each : {fresh, options_.folder}) {
    auto file = ::open(each.c_str(), O_RDONLY | O_CLOEXEC);
    auto kept = file >= 0 && ::fsync(file) == 0;
    ::close(file);
    if (!kept)
      throw std::system_error{errno, std::generic_category(), each.string()};
    if (each == fresh)
      std::filesystem::rename(fresh, options_.folder / "promised");
  }
}

void postgres_server::start(bool standby) {
  left_ = false;
  open_from_ = 0;
  open_ = standby;
  if (standby)
    std::ofstream{data() / "standby.signal"};
  else
    std::filesystem::remove(data() / "standby.signal");
  write_settings();
  // As long as a process of one that was killed has not seen that, the next
  // one refuses to start.
  await("to start " + options_.name, server_patience,
        [this] { return try_start(); });
  silent_ = 0;
}

bool postgres_server::try_start() {
  process_ = std::make_shared<server_process>(
    program("postgres"),
    std::vector<std::string>{
      "-D", data().string(), "-c",
      "config_file=" + (options_.folder / "settings.conf").string(), "-c",
      "hba_file=" + (options_.folder / "clients.conf").string()},
    log());
  auto answers = false;
  await("the start of " + options_.name, server_patience, [&] {
    if (!process_->runs())
      return true;
    try {
      asked(options_.port, "select 1");
      return answers = true;
    } catch (const std::exception&) {
      return false;
    }
  });
  return answers;
}

void postgres_server::stop() {
  process_.reset();
  left_ = false;
  open_ = false;
  source_.clear();
}

void postgres_server::write_settings() const {
  std::string others;
  for (const auto& each : options_.servers)
    if (each != options_.name)
      others += (others.empty() ? "\"" : ", \"") + each + "\"";
  std::ofstream{options_.folder / "settings.conf"}
    << "listen_addresses = '127.0.0.1'\nport = " << options_.port
    << "\nunix_socket_directories = ''\nfsync = on\n"
       "synchronous_commit = on\nwal_level = replica\n"
       "hot_standby = on\nmax_wal_senders = 10\nmax_replication_slots = 10\n"
       "shared_buffers = 16MB\nmax_connections = 50\n"
       "wal_retrieve_retry_interval = 200ms\n"
       "wal_receiver_status_interval = 1s\n"
       "max_slot_wal_keep_size = "
    << options_.slot_max << "MB\nsynchronous_standby_names = 'ANY 1 (" << others
    << ")'\nprimary_conninfo = '"
    << (source_.empty() ? ""
                        : "host=127.0.0.1 port=" + std::to_string(source_port_)
                            + " user=bulwark sslmode=disable application_name="
                            + options_.name)
    << "'\nprimary_slot_name = '" << (source_.empty() ? "" : slot()) << "'\n";
  std::ofstream clients{options_.folder / "clients.conf"};
  clients << "host all bulwark 127.0.0.1/32 trust\n"
             "host replication bulwark 127.0.0.1/32 trust\n";
  if (open_)
    clients << "host app app 127.0.0.1/32 trust\n";
}

void postgres_server::back_up(uint16_t from) {
  stop();
  std::ofstream{half_done()} << "pg_basebackup";
  std::filesystem::remove_all(data());
  run("pg_basebackup", {"--pgdata=" + data().string(), "--wal-method=stream",
                        "--checkpoint=fast", "--dbname=" + control_text(from)});
  std::ofstream{data() / "standby.signal"};
  std::filesystem::remove(half_done());
}

void postgres_server::reserve_slot(uint16_t at) const {
  auto quoted = "'" + slot() + "'";
  asked(at, "select pg_create_physical_replication_slot(" + quoted
              + ") where not exists (select from pg_replication_slots where "
                "slot_name = "
              + quoted + ")");
}

std::string postgres_server::slot() const {
  auto result = "of_" + options_.name;
  std::replace(result.begin(), result.end(), '-', '_');
  return result;
}

std::string postgres_server::program(const char* name) const {
  return (options_.programs / name).string();
}

void postgres_server::run(const char* name,
                          const std::vector<std::string>& arguments) const {
  auto fault = run_program(program(name), arguments, log(), server_patience);
  if (!fault.empty())
    throw std::runtime_error{fault};
}

} // namespace bulwark::detail
