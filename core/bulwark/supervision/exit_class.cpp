#include <bulwark/supervision/exit_class.hpp>

namespace bulwark {

bool must_restart(restart_type type, exit_class how) {
  switch (type) {
  case restart_type::permanent:
    return true;
  case restart_type::transient:
    return how == exit_class::abnormal || how == exit_class::killed;
  case restart_type::temporary:
    return false;
  }
  return false;
}

std::string to_string(exit_class how) {
  switch (how) {
  case exit_class::normal:
    return "normal";
  case exit_class::shutdown:
    return "shutdown";
  case exit_class::abnormal:
    return "abnormal";
  case exit_class::killed:
    return "killed";
  }
  return "exit_class(" + std::to_string(static_cast<int>(how)) + ")";
}

std::string to_string(restart_type type) {
  switch (type) {
  case restart_type::permanent:
    return "permanent";
  case restart_type::transient:
    return "transient";
  case restart_type::temporary:
    return "temporary";
  }
  return "restart_type(" + std::to_string(static_cast<int>(type)) + ")";
}

} // namespace bulwark
