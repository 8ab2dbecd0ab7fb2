#include <bulwark/redundancy/usage_options.hpp>

namespace bulwark {

std::optional<std::string> validate(const usage_options& options) {
  if (auto complaint = validate(options.group, options.active, options.standby))
    return complaint;
  return options.ejection ? validate(*options.ejection) : std::nullopt;
}

} // namespace bulwark
