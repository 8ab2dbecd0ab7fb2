#include <bulwark/pool/pool_bulkhead.hpp>

namespace bulwark {

bulkhead_options pool_bulkhead() {
  bulkhead_options result;
  result.queue = 100;
  return result;
}

} // namespace bulwark
