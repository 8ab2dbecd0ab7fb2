#pragma once

#include <caf/event_based_actor.hpp>

#include <stdexcept>
#include <string>

/// The service of examples/hello, which crashes on one name.
inline caf::behavior greeter(caf::event_based_actor*,
                             const std::string& greeting) {
  return {[=](const std::string& name) {
    if (name == "nobody")
      throw std::runtime_error{"there is nobody to greet"};
    return greeting + ", " + name;
  }};
}
