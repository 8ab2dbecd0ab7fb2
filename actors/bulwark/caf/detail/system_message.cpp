#include <bulwark/caf/detail/system_message.hpp>

#include <caf/downstream_msg.hpp>
#include <caf/error.hpp>
#include <caf/group.hpp>
#include <caf/system_messages.hpp>
#include <caf/type_nr.hpp>
#include <caf/upstream_msg.hpp>

#include <string>

namespace bulwark::detail {

system_message system_message_in(const content_view& content) noexcept {
  switch (content.type_token()) {
  case caf::make_type_token<caf::exit_msg>():
    return system_message::exit;
  case caf::make_type_token<caf::open_stream_msg>():
    return system_message::open_stream;
  case caf::make_type_token<caf::upstream_msg>():
  case caf::make_type_token<caf::downstream_msg>():
    return system_message::stream_traffic;
  case caf::make_type_token<caf::down_msg>():
  case caf::make_type_token<caf::timeout_msg>():
  case caf::make_type_token<caf::group_down_msg>():
    return system_message::notice;
  case caf::make_type_token<caf::error>():
    return system_message::error;
  case caf::make_type_token<caf::atom_value, caf::atom_value, std::string>():
    return content.get_as<caf::atom_value>(0) == caf::sys_atom_v
               && content.get_as<caf::atom_value>(1) == caf::get_atom_v
             ? system_message::query
             : system_message::none;
  default:
    return system_message::none;
  }
}

} // namespace bulwark::detail
