#pragma once

#include <bulwark/admin/detail/control_means.hpp>
#include <bulwark/control/setting.hpp>

#include <string>
#include <vector>

namespace bulwark::detail {

/// Returns all that can be set while the node runs, with what it has now, in
/// the order of the fields' names.
std::vector<setting> settings_of(const control_means& means);

/// Returns the value of a field; empty where there is none.
std::string value_of(const std::vector<setting>& all, const std::string& field);

/// Returns the setting of a field. @pre it is among them
const setting& setting_of(const std::vector<setting>& all,
                          const std::string& field);

/// Returns how `log.level` calls it.
std::string word_of(log_level level);

} // namespace bulwark::detail
