#include <bulwark/database/detail/postgres_server.hpp>
#include <bulwark/database/postgres_owner.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace bulwark {

using namespace option_checks;

namespace {

bool is_server_name(const std::string& name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !name.empty() && name.size() <= 40
         && name.find_first_not_of(letters) == std::string::npos;
}

/// Carries an order out, where it is one.
detail::postgres_report report_of(detail::postgres_server& server,
                                  const detail::postgres_order& order,
                                  uint64_t& newest) {
  std::string fault;
  if (!order.look && order.token < newest) {
    fault = "an order of a watch that was replaced";
  } else if (!order.look) {
    newest = order.token;
    try {
      server.obey(order);
    } catch (const std::exception& e) {
      fault = e.what();
    }
  }
  auto result = server.look();
  result.fault = fault;
  return result;
}

} // namespace

complaint validate(const postgres_owner_options& o) {
  constexpr uint64_t servers_max = 9;
  constexpr uint64_t slot_most = 1'000'000;
  if (auto bad =
        within("postgres.servers", uint64_t{o.servers.size()}, 2, servers_max))
    return bad;
  for (const auto& each : o.servers)
    if (!is_server_name(each)
        || std::count(o.servers.begin(), o.servers.end(), each) > 1)
      return said("postgres.servers", each,
                  "different names of small letters, digits and -");
  if (std::count(o.servers.begin(), o.servers.end(), o.name) != 1)
    return said("postgres.name", o.name, "one of postgres.servers");
  if (o.folder.empty())
    return said("postgres.folder", "\"\"", "a folder");
  if (!std::filesystem::exists(o.programs / "postgres"))
    return said("postgres.programs", o.programs.string(),
                "the folder of the programs of PostgreSQL 15");
  return first_of(within("postgres.port", uint64_t{o.port}, 1, 65'535),
                  within("postgres.slot_max", o.slot_max, 1, slot_most));
}

caf::behavior postgres_owner(caf::event_based_actor*,
                             const postgres_owner_options& options) {
  if (auto bad = validate(options))
    throw std::invalid_argument{*bad};
  auto server = std::make_shared<detail::postgres_server>(options);
  auto newest = std::make_shared<uint64_t>(0);
  return {[=](const detail::postgres_order& order) {
    return report_of(*server, order, *newest);
  }};
}

} // namespace bulwark
