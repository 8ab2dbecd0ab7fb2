#include <bulwark/database/postgres.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <pqxx/nontransaction>

#include <algorithm>
#include <stdexcept>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bulwark {

using namespace option_checks;

namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Returns `key='value'` as libpq reads it.
std::string pair(const std::string& key, const std::string& value) {
  std::string result = " " + key + "='";
  for (auto c : value) {
    if (c == '\'' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "'";
}

std::string pair(const std::string& key, int64_t value) {
  return pair(key, std::to_string(value));
}

/// Options of the session, for the server.
std::string session(const postgres_options& o) {
  auto limit = [](const char* name, duration value) {
    return std::string{" -c "} + name + "="
           + std::to_string(ceil<milliseconds>(value).count());
  };
  return limit("statement_timeout", o.statement_timeout)
         + limit("idle_in_transaction_session_timeout",
                 o.transaction_idle_timeout);
}

complaint given(std::string_view field, const std::string& value) {
  if (!value.empty() && value.find('\0') == std::string::npos)
    return std::nullopt;
  return said(field, "\"\"", "text that libpq understands");
}

} // namespace

complaint validate(const postgres_options& o) {
  return first_of(given("postgres.connection", o.connection),
                  given("postgres.application", o.application),
                  within("postgres.connect_timeout", o.connect_timeout,
                         duration{1}, postgres_options::timeout_max),
                  within("postgres.statement_timeout", o.statement_timeout,
                         duration::zero(), postgres_options::timeout_max),
                  within("postgres.transaction_idle_timeout",
                         o.transaction_idle_timeout, duration::zero(),
                         postgres_options::timeout_max),
                  within("postgres.network_timeout", o.network_timeout,
                         seconds{1}, postgres_options::timeout_max));
}

std::string connection_text(const postgres_options& o) {
  auto network = ceil<seconds>(o.network_timeout).count();
  // Probes begin at half of it and end it at the whole.
  constexpr int64_t probes = 3;
  auto idle = std::max<int64_t>(1, network / 2);
  auto gap = std::max<int64_t>(1, (network - idle) / probes);
  auto connect = std::max<int64_t>(2, ceil<seconds>(o.connect_timeout).count());
  // Of two values for one key libpq takes the latter.
  return pair("connect_timeout", connect)
         + pair("tcp_user_timeout",
                ceil<milliseconds>(o.network_timeout).count())
         + pair("keepalives", 1) + pair("keepalives_idle", idle)
         + pair("keepalives_interval", gap) + pair("keepalives_count", probes)
         + pair("application_name", o.application) + pair("options", session(o))
         + " " + o.connection;
}

postgres_connection::postgres_connection(const std::string& text)
  : pqxx::connection(text), socket_(fcntl(sock(), F_DUPFD_CLOEXEC, 0)) {
// The only way in libpqxx 6; in 7 connections are never opened again.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

postgres_connection::~postgres_connection() {
  if (socket_ >= 0)
    ::close(socket_);
}

void postgres_connection::interrupt() noexcept {
  if (socket_ >= 0)
    ::shutdown(socket_, SHUT_RDWR);
}

postgres::postgres(const postgres_options& options)
  : text_(connection_text(options)) {
  if (auto bad = bulwark::validate(options))
    throw std::invalid_argument{*bad};
}

std::unique_ptr<postgres_connection> postgres::open() const {
  return std::make_unique<postgres_connection>(text_);
}

bool postgres::validate(connection& what) const {
  if (!what.is_open())
    return false;
  pqxx::nontransaction session{what};
  // Within a transaction that somebody left open, `now` is when that began.
  return session.exec1("select now() = statement_timestamp()")[0].as<bool>();
}

} // namespace bulwark
