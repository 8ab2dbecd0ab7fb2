#include <bulwark/call_options.hpp>
#include <bulwark/detail/gate_command.hpp>
#include <bulwark/detail/sort.hpp>
#include <bulwark/envelope.hpp>

#include <caf/group.hpp>
#include <caf/system_messages.hpp>
#include <caf/type_nr.hpp>

#include <typeinfo>

namespace bulwark::detail {

arrival sort(const caf::mailbox_element& what) noexcept {
  if (what.mid.is_response())
    return arrival::own;
  if (what.mid.is_stream_message())
    return arrival::refused;
  auto& content = what.content();
  // A request with such a content would get no answer from the gate itself.
  auto own = what.mid.is_request() ? arrival::refused : arrival::own;
  switch (content.type_token()) {
  case caf::make_type_token<caf::exit_msg>():
  case caf::make_type_token<caf::open_stream_msg>():
    return arrival::refused;
  case caf::make_type_token<caf::down_msg>():
  case caf::make_type_token<caf::timeout_msg>():
  case caf::make_type_token<caf::group_down_msg>():
  case caf::make_type_token<caf::error>():
    return own;
  case caf::make_type_token<caf::atom_value, caf::atom_value, std::string>():
    return content.get_as<caf::atom_value>(0) == caf::sys_atom_v
               && content.get_as<caf::atom_value>(1) == caf::get_atom_v
             ? arrival::own
             : arrival::client;
  default:
    break;
  }
  if (content.size() == 0)
    return arrival::client;
  auto* type = content.type(0).second;
  if (type == nullptr)
    return arrival::client;
  if (content.size() > 1)
    return *type == typeid(call_options) ? arrival::call : arrival::client;
  if (*type == typeid(gate_command))
    return own;
  return *type == typeid(envelope) ? arrival::envelope : arrival::client;
}

} // namespace bulwark::detail
