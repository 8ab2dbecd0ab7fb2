#include "db/users.hpp"

#include "db/secret.hpp"

namespace storefront {

namespace {

constexpr auto users_schema = R"(
  create table if not exists users (
    name text primary key,
    salt blob not null,
    digest blob not null,
    iterations integer not null,
    created_at integer not null
  ) strict;
  create table if not exists sessions (
    token_digest text primary key,
    user text not null references users (name),
    expires_at integer not null
  ) strict;
  create index if not exists sessions_by_expiry on sessions (expires_at);
)";

bool insert(SQLite::Database& db, const std::string& name,
            const password_hash& hash, int64_t now) {
  auto row =
    query(db, "insert or ignore into users values (?, ?, ?, ?, ?)", name);
  row.bind(2, hash.salt.data(), static_cast<int>(hash.salt.size()));
  row.bind(3, hash.digest.data(), static_cast<int>(hash.digest.size()));
  row.bind(4, hash.iterations);
  row.bind(5, now);
  return row.exec() == 1;
}

std::string seed_name(int number) {
  auto digits = std::to_string(number);
  return "customer" + std::string(digits.size() < 2, '0') + digits;
}

} // namespace

user_store::user_store(const database& owner)
  : db_(open_database(owner, users_schema)) {}

void user_store::seed(int count, int64_t now) {
  if (number(db_, "select count(*) from users") > 0)
    return;
  auto change = begin(db_);
  for (int i = 1; i <= count; ++i)
    insert(db_, seed_name(i), hash_password("secret-" + seed_name(i)), now);
  change.commit();
}

bool user_store::add(const std::string& name, const std::string& password,
                     int64_t now) {
  return insert(db_, name, hash_password(password), now);
}

bool user_store::check(const std::string& name,
                       const std::string& password) const {
  auto row = query(
    db_, "select salt, digest, iterations from users where name = ?", name);
  password_hash stored{"", "", password_iterations};
  if (row.executeStep())
    stored = {row.getColumn(0).getString(), row.getColumn(1).getString(),
              row.getColumn(2).getInt()};
  return matches(password, stored);
}

std::string user_store::open_session(const std::string& name, int64_t now,
                                     int64_t lifetime) {
  auto token = random_token();
  auto change = begin(db_);
  execute(db_, "delete from sessions where expires_at <= ?", now);
  execute(db_, "insert into sessions values (?, ?, ?)", digest(token), name,
          now + lifetime);
  change.commit();
  return token;
}

std::optional<std::string> user_store::session_user(const std::string& token,
                                                    int64_t now) const {
  auto row = query(db_,
                   "select user from sessions"
                   " where token_digest = ? and expires_at > ?",
                   digest(token), now);
  if (!row.executeStep())
    return std::nullopt;
  return row.getColumn(0).getString();
}

} // namespace storefront
