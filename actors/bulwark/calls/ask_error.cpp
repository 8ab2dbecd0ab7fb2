#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/ask_error.hpp>

namespace bulwark {

ask_error::ask_error(const caf::error& why)
  : std::runtime_error(explain(why)),
    error_(why),
    code_(code_of(why, errc{})) {}

} // namespace bulwark
