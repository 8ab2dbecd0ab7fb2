#include "runtime/database/bank.hpp"

#include <sstream>

namespace test {

namespace {

std::vector<int> numbers_in(const std::string& text) {
  std::istringstream in{text};
  std::vector<int> result;
  for (std::string each; std::getline(in, each, ',');)
    result.push_back(std::stoi(each));
  return result;
}

} // namespace

bank::view bank::view_of(const std::string& line) {
  std::istringstream in{line};
  std::string sum;
  std::string balances;
  std::string transfers;
  std::getline(in, sum, ';');
  std::getline(in, balances, ';');
  std::getline(in, transfers, ';');
  return {true, std::stoi(sum), numbers_in(balances), numbers_in(transfers)};
}

std::string bank::sqlite_query() {
  return "select (select sum(n) from account) || ';' || (select "
         "group_concat(n) from (select n from account order by id)) || ';' || "
         "coalesce((select group_concat(number) from transfer), '')";
}

} // namespace test
