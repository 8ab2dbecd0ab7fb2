#include <bulwark/caf/detail/readable_type.hpp>
#include <bulwark/caf/detail/type_names.hpp>

#include <caf/actor_system.hpp>
#include <caf/type_nr.hpp>
#include <caf/uniform_type_info_map.hpp>

namespace bulwark::detail {

std::string type_name(caf::actor_system& sys, const content_view& content,
                      size_t i) {
  auto type = content.type(i);
  const auto& name = sys.types().portable_name(type);
  // CAF has no name for what stays within its process.
  return name == sys.types().default_type_name() && type.second != nullptr
           ? readable(*type.second)
           : name;
}

void add_first_type(plain_line& line, const content_view& content) noexcept {
  auto [number, type] = content.type(0);
  if (number != 0)
    line << caf::numbered_type_names[number - 1];
  else
    line.add_type(type->name());
}

} // namespace bulwark::detail
