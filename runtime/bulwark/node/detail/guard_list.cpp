#include <bulwark/node/detail/guard_list.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark::detail {

guard_options guard_list::declare(const std::string& name,
                                  guard_options options,
                                  const policy_overrides& overrides,
                                  bool started) {
  if (started)
    throw config_error{"guard " + name
                       + " is declared after the node was started"};
  auto complaint = validate_name("guard name", name);
  overrides.apply(name, options);
  if (!complaint)
    complaint = validate(options);
  if (complaint)
    throw config_error{*complaint};
  if (!names_.insert(name).second)
    throw config_error{"guard " + name + " is declared twice"};
  return options;
}

} // namespace bulwark::detail
