#include <bulwark/bulkhead/detail/allocation_table.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;

namespace {

allocation_table seeds_table() {
  allocation_table table;
  for (const auto* name : {"web_threads", "db_connections", "cache_memory"})
    REQUIRE_FALSE(table.add(name));
  return table;
}

const resource_amounts wanted{
  {"web_threads", 10}, {"db_connections", 5}, {"cache_memory", 100}};

allocation_attempt begin(allocation_table& table, const std::string& service,
                         const resource_amounts& what = wanted,
                         uint64_t owner = 0) {
  auto begun = table.begin(service, what, owner);
  REQUIRE(std::holds_alternative<allocation_attempt>(begun));
  return std::get<allocation_attempt>(begun);
}

void allocate(allocation_table& table, const std::string& service,
              const resource_amounts& what = wanted, uint64_t owner = 0) {
  auto attempt = begin(table, service, what, owner);
  while (attempt.next() != nullptr)
    attempt.granted();
  table.finish(attempt);
}

allocation_refusal refusal_of(allocation_table& table,
                              const std::string& service,
                              const resource_amounts& what) {
  auto before = table.allocations();
  auto begun = table.begin(service, what);
  REQUIRE(std::holds_alternative<allocation_refusal>(begun));
  CHECK(table.allocations() == before);
  return std::get<allocation_refusal>(begun);
}

allocation_table::release begin_release(allocation_table& table,
                                        const std::string& service) {
  auto leaving = table.begin_release(service);
  REQUIRE(std::holds_alternative<allocation_table::release>(leaving));
  return std::get<allocation_table::release>(leaving);
}

} // namespace

TEST_CASE("bulkheads are asked in the order of their names") {
  auto table = seeds_table();
  auto attempt = begin(table, "orders");
  std::vector<std::string> asked;
  while (const auto* next = attempt.next()) {
    asked.push_back(next->bulkhead);
    CHECK(next->amount == wanted.at(next->bulkhead));
    attempt.granted();
  }
  CHECK(asked
        == std::vector<std::string>{"cache_memory", "db_connections",
                                    "web_threads"});
  CHECK(table.allocations().empty());
  table.finish(attempt);
  CHECK(table.allocations().at("orders") == wanted);
  CHECK(attempt.undo().empty());
}

TEST_CASE("what was granted before a refusal is undone, the last one first") {
  auto table = seeds_table();
  auto attempt = begin(table, "analytics");
  attempt.granted();
  attempt.granted();
  attempt.refused(0, 20);
  CHECK(attempt.next() == nullptr);
  auto undo = attempt.undo();
  REQUIRE(undo.size() == 2);
  CHECK(undo[0].bulkhead == "db_connections");
  CHECK(undo[0].amount == 5);
  CHECK(undo[1].bulkhead == "cache_memory");
  table.finish(attempt);
  CHECK(table.allocations().empty());
  REQUIRE(attempt.refusal());
  CHECK(attempt.refusal()->code == errc::bulkhead_full);
  CHECK(attempt.refusal()->bulkhead == "web_threads");
  CHECK(attempt.refusal()->text
        == "web_threads: 10 wanted, 0 free of 20; analytics was allocated "
           "nothing of 3 resources");
  // It may try again.
  allocate(table, "analytics");
}

TEST_CASE("a bulkhead may refuse for another reason") {
  auto table = seeds_table();
  auto attempt = begin(table, "orders", {{"web_threads", 1}});
  attempt.refused(errc::bulkhead_isolated, "draining");
  CHECK(attempt.undo().empty());
  CHECK(attempt.refusal()->code == errc::bulkhead_isolated);
  CHECK(attempt.refusal()->text
        == "web_threads: draining; orders was allocated nothing of 1 "
           "resources");
}

TEST_CASE("a bad allocation is refused by field and value") {
  auto table = seeds_table();
  allocate(table, "orders", {{"web_threads", 3}});
  struct row {
    std::string service;
    resource_amounts what;
    errc code;
    std::string bulkhead;
    std::string text;
  };
  auto [service, what, code, bulkhead, text] = GENERATE(values<row>(
    {{"", wanted, errc::invalid_option, "",
      "service name is \"\"; it must be 1 to 64 letters, digits, '_' and '-', "
      "a letter first"},
     {"orders",
      {},
      errc::invalid_option,
      "",
      "allocation of orders is empty; it must be of at least one bulkhead"},
     {"orders",
      {{"db_connections", 1}, {"gpu", 1}},
      errc::no_such_bulkhead,
      "gpu",
      "no bulkhead is named \"gpu\""},
     {"orders",
      {{"db_connections", 0}},
      errc::invalid_option,
      "db_connections",
      "allocation of orders in db_connections is 0; it must be at least 1"},
     {"orders",
      {{"db_connections", 1}, {"web_threads", 2}},
      errc::invalid_option,
      "web_threads",
      "allocation of orders in web_threads is 3; it must be released first"}}));
  auto refusal = refusal_of(table, service, what);
  CHECK(refusal.code == code);
  CHECK(refusal.bulkhead == bulkhead);
  CHECK(refusal.text == text);
}

TEST_CASE("what is asked for or released just now is not allocated twice") {
  auto table = seeds_table();
  auto attempt = begin(table, "orders", {{"web_threads", 3}});
  refusal_of(table, "orders", {{"web_threads", 1}});
  // What is still asked for is not there to be released.
  CHECK(
    std::holds_alternative<allocation_refusal>(table.begin_release("orders")));
  attempt.granted();
  table.finish(attempt);
  auto release = begin_release(table, "orders");
  refusal_of(table, "orders", {{"web_threads", 1}});
  CHECK(
    std::holds_alternative<allocation_refusal>(table.begin_release("orders")));
  table.finish(release);
  allocate(table, "orders", {{"web_threads", 1}});
}

TEST_CASE("a service may be allocated more, of other bulkheads") {
  auto table = seeds_table();
  allocate(table, "orders", {{"web_threads", 3}});
  allocate(table, "orders", {{"cache_memory", 50}});
  auto release = begin_release(table, "orders");
  CHECK(release.amounts
        == resource_amounts{{"web_threads", 3}, {"cache_memory", 50}});
  table.finish(release);
  CHECK(table.allocations().empty());
}

TEST_CASE("releasing what nobody has is refused by name") {
  auto table = seeds_table();
  auto leaving = table.begin_release("nobody");
  REQUIRE(std::holds_alternative<allocation_refusal>(leaving));
  auto refusal = std::get<allocation_refusal>(leaving);
  CHECK(refusal.code == errc::not_held);
  CHECK(refusal.text == "nothing is allocated to a service named \"nobody\"");
}

TEST_CASE("what belongs to an owner goes with it, and nothing else") {
  auto table = seeds_table();
  allocate(table, "orders", {{"web_threads", 3}}, 7);
  allocate(table, "orders", {{"cache_memory", 50}});
  allocate(table, "users", {{"web_threads", 1}}, 7);
  allocate(table, "mails", {{"web_threads", 2}}, 8);
  auto releases = table.begin_release_of(7);
  REQUIRE(releases.size() == 2);
  CHECK(releases[0].service == "orders");
  CHECK(releases[0].amounts == resource_amounts{{"web_threads", 3}});
  CHECK(releases[1].service == "users");
  for (const auto& each : releases)
    table.finish(each);
  CHECK(table.begin_release_of(7).empty());
  CHECK(table.allocations()
        == std::map<std::string, resource_amounts>{
          {"orders", {{"cache_memory", 50}}}, {"mails", {{"web_threads", 2}}}});
}

TEST_CASE("a bulkhead is added once, under a proper name") {
  auto table = seeds_table();
  auto twice = table.add("web_threads");
  REQUIRE(twice);
  CHECK(twice->text
        == "bulkhead name is \"web_threads\"; it must be new; there is a "
           "bulkhead of that name");
  CHECK(table.add("web threads"));
  for (size_t i = 3; i < allocation_table::bulkheads_max; ++i)
    REQUIRE_FALSE(table.add("b" + std::to_string(i)));
  auto full = table.add("one_more");
  REQUIRE(full);
  CHECK(full->text
        == "number of bulkheads is 256; it must be below 256 for another one, "
           "one_more");
}

TEST_CASE("a service is assigned to several bulkheads, to each once") {
  auto table = seeds_table();
  CHECK_FALSE(table.assign("orders", "web_threads"));
  CHECK_FALSE(table.assign("orders", "db_connections"));
  CHECK_FALSE(table.assign("users", "web_threads"));
  auto twice = table.assign("orders", "web_threads");
  REQUIRE(twice);
  CHECK(twice->text
        == "bulkhead of orders is \"web_threads\"; it must be another one; it "
           "is assigned to that already");
  auto unknown = table.assign("orders", "gpu");
  REQUIRE(unknown);
  CHECK(unknown->code == errc::no_such_bulkhead);
  CHECK(table.assign("1st", "web_threads"));
  CHECK(table.assignments()
        == allocation_table::assignment_map{
          {"orders", {"db_connections", "web_threads"}},
          {"users", {"web_threads"}}});
}

TEST_CASE("the number of services has a bound") {
  auto table = seeds_table();
  for (size_t i = 0; i < allocation_table::services_max; ++i) {
    auto service = "s" + std::to_string(i);
    allocate(table, service, {{"web_threads", 1}});
    REQUIRE_FALSE(table.assign(service, "web_threads"));
  }
  auto refusal = refusal_of(table, "one_more", {{"web_threads", 1}});
  CHECK(refusal.text
        == "number of services is 4096; it must be below 4096 for another "
           "one, one_more");
  CHECK(table.assign("one_more", "web_threads"));
  // Those that are known may have more.
  allocate(table, "s1", {{"cache_memory", 1}});
}
