#include <bulwark/redundancy/usage_options.hpp>

namespace bulwark {

std::optional<std::string> validate(const usage_options& options) {
  if (auto complaint = validate(options.group, options.active, options.standby))
    return complaint;
  auto complaint =
    options.ejection ? validate(*options.ejection) : std::nullopt;
  if (!complaint && options.probe)
    complaint = validate(*options.probe);
  return complaint;
}

} // namespace bulwark
