#include <bulwark/supervision/exit_class.hpp>

#include <catch2/catch.hpp>

#include <tuple>

using namespace bulwark;

TEST_CASE("restart type and exit class decide about a restart", "[restart]") {
  auto [type, how, restarted] = GENERATE(table<restart_type, exit_class, bool>({
    {restart_type::permanent, exit_class::normal, true},
    {restart_type::permanent, exit_class::shutdown, true},
    {restart_type::permanent, exit_class::abnormal, true},
    {restart_type::permanent, exit_class::killed, true},
    {restart_type::transient, exit_class::normal, false},
    {restart_type::transient, exit_class::shutdown, false},
    {restart_type::transient, exit_class::abnormal, true},
    {restart_type::transient, exit_class::killed, true},
    {restart_type::temporary, exit_class::normal, false},
    {restart_type::temporary, exit_class::shutdown, false},
    {restart_type::temporary, exit_class::abnormal, false},
    {restart_type::temporary, exit_class::killed, false},
  }));
  INFO(to_string(type) << " child, " << to_string(how));
  CHECK(must_restart(type, how) == restarted);
}

TEST_CASE("restart types and exit classes have names", "[restart]") {
  CHECK(to_string(restart_type::permanent) == "permanent");
  CHECK(to_string(restart_type::transient) == "transient");
  CHECK(to_string(restart_type::temporary) == "temporary");
  CHECK(to_string(exit_class::normal) == "normal");
  CHECK(to_string(exit_class::shutdown) == "shutdown");
  CHECK(to_string(exit_class::abnormal) == "abnormal");
  CHECK(to_string(exit_class::killed) == "killed");
  CHECK(to_string(static_cast<exit_class>(9)) == "exit_class(9)");
  CHECK(to_string(static_cast<restart_type>(9)) == "restart_type(9)");
}
