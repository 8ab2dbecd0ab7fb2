#pragma once

#include <bulwark/time/time.hpp>

#include <pqxx/result>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

namespace bulwark::detail {

/// Starts, copies and promotions take no longer.
constexpr std::chrono::seconds server_patience{60};

/// How the owner of a server on this machine reaches it, or another one.
std::string control_text(uint16_t port);

/// Asks a server, over a connection of its own. @throws std::exception
pqxx::result asked(uint16_t port, const std::string& sql);
uint64_t number_asked(uint16_t port, const std::string& sql);

/// Waits until it is so. @throws std::runtime_error
template <class Condition>
void await(const std::string& what, duration limit, Condition holds) {
  auto until = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error{what + " took too long"};
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

} // namespace bulwark::detail
