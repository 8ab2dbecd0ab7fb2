#pragma once

#include <bulwark/cluster/detail/frame_reader.hpp>
#include <bulwark/cluster/detail/send_check.hpp>
#include <bulwark/cluster/detail/wire/connection.hpp>
#include <bulwark/cluster/detail/wire/loop_handler.hpp>

#include <caf/io/scribe.hpp>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulwark::detail {

class wire;

/// What CAF's broker reads and writes one connection with: gives it whole
/// frames that were checked, and takes its own as long as there is room.
///
/// Inside a call of the broker nothing is closed, because the broker is told of
/// that at once: it is done in a later turn of the loop.
///
/// Confined to the multiplexer's thread.
class wire_scribe final : public caf::io::scribe {
public:
  wire_scribe(std::shared_ptr<wire> hub, std::shared_ptr<connection> what,
              loop_handler::multiplexer& loop, descriptor socket);
  ~wire_scribe() override;

  // -- for the broker ---------------------------------------------------------

  void configure_read(caf::io::receive_policy::config) override;
  void ack_writes(bool) override {}
  std::vector<char>& wr_buf() override { return appended_; }
  std::vector<char>& rd_buf() override { return piece_; }
  void flush() override;
  void graceful_shutdown() override;
  void remove_from_loop() override;
  void add_to_loop() override { look(); }
  std::string addr() const override { return it_->remote.host; }
  uint16_t port() const override { return it_->remote.port; }

  // -- for the hub ------------------------------------------------------------

  /// Closes the connection. Never from inside a call of the broker.
  void fail(const std::string& reason);

  /// Something has changed from outside: a fault, or what waits.
  void look();

private:
  void on_event(loop_handler::operation what);
  void read();
  void read_rest();
  void broken(int error);
  void feed(std::string_view bytes);
  void give_frame();
  bool is_lost();
  void write();

  /// Lets the frame through, or says what becomes of it.
  void pass(std::string_view frame);
  void turn_away(const frame_header& head, std::string_view payload,
                 send_verdict why);

  void leave();

  std::shared_ptr<wire> hub_;
  std::shared_ptr<connection> it_;
  loop_handler handler_;
  frame_reader reader_;
  bool begun_ = false;
  bool write_posted_ = false;
  double loss_ = 0;
  uint64_t frames_ = 0;

  // What the broker has appended; what it is given.
  std::vector<char> appended_;
  std::vector<char> piece_;

  // Held back by a fault, with the time when it counts.
  std::deque<std::pair<time_point, std::string>> late_;
};

} // namespace bulwark::detail
