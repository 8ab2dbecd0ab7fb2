#include "simulation/checkers/checkers.hpp"

namespace test::sim {

const std::vector<named_checker>& all_checkers() {
  static const std::vector<named_checker> all{
    {"lives", make_lives},         {"order", make_order},
    {"intensity", make_intensity}, {"delays", make_delays},
    {"hangs", make_hangs},         {"events", make_events},
    {"answers", make_answers},     {"sequence", make_sequence},
    {"sends", make_sends},         {"peace", make_peace},
    {"permits", make_permits},     {"running", make_running},
    {"doors", make_doors},         {"priorities", make_priorities},
    {"tenants", make_tenants},     {"keys", make_keys},
    {"repeats", make_repeats},     {"blame", make_blame},
    {"farewells", make_farewells}, {"loans", make_loans},
    {"rates", make_rates},         {"groups", make_groups},
  };
  return all;
}

} // namespace test::sim
