#include <bulwark/replication/log_position.hpp>

namespace bulwark {

std::string to_string(const log_position& where) {
  return std::to_string(where.sequence) + " of epoch "
         + std::to_string(where.epoch);
}

} // namespace bulwark
