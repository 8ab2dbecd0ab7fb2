#include <bulwark/pool/connection_pool_settings.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark {

std::optional<std::string> validate(const connection_pool_settings& settings) {
  if (auto bad = validate_name("pool name", settings.name))
    return bad;
  if (auto bad = validate(settings.connections))
    return bad;
  return settings.compartment ? std::nullopt : validate(bulkhead_of(settings));
}

bulkhead_options bulkhead_of(const connection_pool_settings& settings) {
  auto result = settings.bulkhead;
  result.kind = bulkhead_kind::connection_pool;
  result.capacity = settings.connections.max;
  result.queue_timeout =
    result.queue > 0 ? settings.connections.wait : duration::zero();
  return result;
}

} // namespace bulwark
