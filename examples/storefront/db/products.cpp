#include "db/products.hpp"

#include <array>
#include <random>

namespace storefront {

namespace {

constexpr auto products_schema = R"(
  create table if not exists products (
    id integer primary key,
    name text not null,
    category text not null,
    price_cents integer not null check (price_cents > 0)
  ) strict;
)";

struct kind {
  const char* name;
  const char* category;
};

constexpr std::array finishes{"plain",  "oak",   "walnut", "steel",
                              "copper", "linen", "wool",   "glass"};
constexpr std::array sizes{"small", "medium", "large", "travel", "family"};
constexpr std::array kinds{
  kind{"kettle", "kitchen"}, kind{"pan", "kitchen"},
  kind{"bowl", "kitchen"},   kind{"desk", "office"},
  kind{"lamp", "office"},    kind{"notebook", "office"},
  kind{"blanket", "home"},   kind{"mirror", "home"},
  kind{"clock", "home"},     kind{"bottle", "outdoor"},
  kind{"tent", "outdoor"},   kind{"backpack", "outdoor"}};

/// The distributions of the standard library differ from one to the next; the
/// engine does not.
template <class Array>
const auto& pick(std::mt19937& random, const Array& from) {
  return from[random() % from.size()];
}

product made_up(int64_t id, std::mt19937& random) {
  auto& what = pick(random, kinds);
  auto name = std::string{pick(random, sizes)} + " " + pick(random, finishes)
              + " " + what.name + " " + std::to_string(id);
  return {id, name, what.category,
          100 + static_cast<int64_t>(random() % 20000)};
}

product read_product(const SQLite::Statement& row) {
  return {row.getColumn(0).getInt64(), row.getColumn(1).getString(),
          row.getColumn(2).getString(), row.getColumn(3).getInt64()};
}

/// Escapes what `like` reads as a wildcard.
std::string pattern(const std::string& text) {
  std::string result = "%";
  for (char each : text) {
    if (each == '%' || each == '_' || each == '\\')
      result += '\\';
    result += each;
  }
  return result + "%";
}

} // namespace

product_store::product_store(const database& owner)
  : db_(open_database(owner, products_schema)) {}

void product_store::seed(int count, uint32_t seed) {
  auto change = begin(db_);
  if (number(db_, "select count(*) from products") > 0)
    return;
  std::mt19937 random{seed};
  SQLite::Statement insert{db_, "insert into products values (?, ?, ?, ?)"};
  for (int64_t id = 1; id <= count; ++id) {
    auto fresh = made_up(id, random);
    insert.bind(1, fresh.id);
    insert.bind(2, fresh.name);
    insert.bind(3, fresh.category);
    insert.bind(4, fresh.price_cents);
    insert.exec();
    insert.reset();
  }
  change.commit();
}

std::optional<product> product_store::find(int64_t id) const {
  auto row = query(
    db_, "select id, name, category, price_cents from products where id = ?",
    id);
  if (!row.executeStep())
    return std::nullopt;
  return read_product(row);
}

std::vector<product> product_store::search(const std::string& text,
                                           int64_t limit) const {
  auto row = query(db_,
                   "select id, name, category, price_cents from products"
                   R"( where name like ? escape '\' order by id limit ?)",
                   pattern(text), limit);
  std::vector<product> result;
  while (row.executeStep())
    result.push_back(read_product(row));
  return result;
}

} // namespace storefront
