#pragma once

#include <bulwark/cluster/detail/wire/loop_handler.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <caf/io/doorman.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace bulwark::detail {

class wire;

/// Accepts connections for CAF's broker. Where no descriptor is left it rests
/// for a while: the loop would report the same connection again and again.
///
/// Confined to the multiplexer's thread.
class wire_doorman final : public caf::io::doorman {
public:
  wire_doorman(std::shared_ptr<wire> hub, uint64_t id,
               loop_handler::multiplexer& loop, descriptor socket);

  // -- for the broker ---------------------------------------------------------

  void launch() override { add_to_loop(); }
  void graceful_shutdown() override;
  void remove_from_loop() override;
  void add_to_loop() override;
  std::string addr() const override { return {}; }
  uint16_t port() const override { return port_; }

private:
  // CAF's acceptor would call it.
  bool new_connection() override { return false; }

  void accept();
  void take(descriptor socket);

  std::shared_ptr<wire> hub_;
  const uint16_t port_;
  loop_handler handler_;
};

} // namespace bulwark::detail
