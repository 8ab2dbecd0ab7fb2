#include <bulwark/calls/call_options.hpp>
#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/classify.hpp>
#include <bulwark/gate/detail/gate_command.hpp>

#include <caf/group.hpp>
#include <caf/system_messages.hpp>
#include <caf/type_nr.hpp>

#include <typeinfo>

namespace bulwark::detail {

arrival sort(const caf::mailbox_element& what) noexcept {
  // A gate asks nobody, monitors nobody and sets itself no timeout.
  if (what.mid.is_response() || what.mid.is_stream_message())
    return arrival::refused;
  auto& content = what.content();
  switch (content.type_token()) {
  case caf::make_type_token<caf::exit_msg>():
  case caf::make_type_token<caf::open_stream_msg>():
  case caf::make_type_token<caf::down_msg>():
  case caf::make_type_token<caf::timeout_msg>():
  case caf::make_type_token<caf::group_down_msg>():
  case caf::make_type_token<caf::error>():
    return arrival::refused;
  case caf::make_type_token<caf::atom_value, caf::atom_value, std::string>():
    return content.get_as<caf::atom_value>(0) == caf::sys_atom_v
               && content.get_as<caf::atom_value>(1) == caf::get_atom_v
             ? arrival::query
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
  // A request with such a content would get no answer from the gate itself.
  if (*type == typeid(gate_command))
    return what.mid.is_request() ? arrival::refused : arrival::own;
  return *type == typeid(envelope) ? arrival::envelope : arrival::client;
}

} // namespace bulwark::detail
