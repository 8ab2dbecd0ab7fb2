#pragma once

#include <caf/event_based_actor.hpp>

#include <stdexcept>
#include <string>

/// Says what was sold, and crashes on what the shop does not have.
inline caf::behavior orders(caf::event_based_actor*, const std::string& sells) {
  return {[=](const std::string& what) {
    if (what != sells)
      throw std::invalid_argument{"there is no " + what};
    return "one " + what;
  }};
}
