#include "simulation/checkers/checkers.hpp"

namespace test::sim {

const std::vector<named_checker>& all_checkers() {
  static const std::vector<named_checker> all{
    {"lives", make_lives},
    {"answers", make_answers},
  };
  return all;
}

} // namespace test::sim
