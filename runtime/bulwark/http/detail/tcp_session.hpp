#pragma once

#include <bulwark/http/detail/moving_deadline.hpp>
#include <bulwark/http/detail/refusal.hpp>
#include <bulwark/http/detail/request_reader.hpp>
#include <bulwark/http/detail/server_core.hpp>
#include <bulwark/http/detail/session.hpp>
#include <bulwark/http/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// The session of one connection over TCP.
///
/// Confined to the server's thread.
class tcp_session final : public session {
public:
  tcp_session(server_core& core, boost::asio::ip::tcp::socket socket,
              const boost::asio::ip::address& client);

  void start();
  void respond(http_response response) override;
  std::optional<connection_standing> standing() const override;
  void finish() override;
  void close() override;

private:
  enum class phase : uint8_t {
    idle,
    reading,
    handling,
    writing,
    streaming,
    lingering,
    closed
  };

  std::shared_ptr<tcp_session> self() {
    return std::static_pointer_cast<tcp_session>(shared_from_this());
  }

  /// Returns a completion handler that calls `next` unless the session was
  /// closed, or its deadline passed, meanwhile. The deadline counts also when
  /// what was waited for came at the same moment: then there was no wait left
  /// to cancel, and nobody would look at the deadline again.
  template <class F>
  auto then(F next) {
    return [self = self(), next](boost::system::error_code ec, size_t bytes) {
      if (self->phase_ == phase::closed)
        return;
      try {
        self->deadline_.passed() ? self->time_out() : next(*self, ec, bytes);
      } catch (...) {
        // No memory for this client; the others and the server go on.
        self->close();
      }
    };
  }

  bool is_busy() const noexcept {
    return phase_ == phase::handling || phase_ == phase::writing;
  }

  // -- requests (session.cpp) -------------------------------------------------

  void arm(duration limit);
  void answer_late();
  void time_out();
  void read_more();
  void read_request();
  void write_continue();
  void refuse(refusal why);
  void hand_over();
  void await_next_request();

  // -- answers (session_answers.cpp) ------------------------------------------

  /// Returns an answer that HTTP allows.
  http_response checked(http_response response);
  void write(http_response from, bool keep_alive);

  /// From now on whatever else the client sends, or that it is gone, ends it.
  void begin_stream();
  void stream_more();
  void linger();
  void drain(size_t most);

  server_core& core_;
  boost::asio::ip::tcp::socket socket_;
  const std::string client_;
  moving_deadline deadline_;
  std::array<char, 8192> input_;

  /// What of `input_` the reader has not used.
  std::string_view unread_;
  request_reader reader_;

  /// Of the request in flight.
  std::string path_;
  bool keep_alive_ = false;
  bool to_head_ = false;

  std::string response_head_;
  std::string response_body_;

  /// Of the answer in flight, where it is streamed; and whether a piece of it
  /// is being written.
  std::shared_ptr<http_stream> stream_;
  bool stream_writes_ = false;
  phase phase_ = phase::idle;
  bool served_ = false;
  bool finishing_ = false;
};

} // namespace bulwark::detail
