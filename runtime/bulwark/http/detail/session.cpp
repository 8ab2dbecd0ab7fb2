#include <bulwark/http/detail/address_text.hpp>
#include <bulwark/http/detail/exchange.hpp>
#include <bulwark/http/detail/moving_deadline.hpp>
#include <bulwark/http/detail/request_reader.hpp>
#include <bulwark/http/detail/response_head.hpp>
#include <bulwark/http/detail/session.hpp>

#include <boost/asio/write.hpp>

#include <array>

namespace bulwark::detail {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// A client that is told no may still be sending: closing at once would reset
/// the connection and take the answer with it. So much is read and dropped.
constexpr size_t linger_max = 1024 * 1024;
constexpr duration linger_timeout = std::chrono::seconds{1};

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

enum class phase { idle, reading, handling, writing, lingering, closed };

class tcp_session final : public session {
public:
  tcp_session(server_core& core, asio::ip::tcp::socket socket,
              const asio::ip::address& client)
    : core_(core),
      socket_(std::move(socket)),
      client_(address_text(client)),
      deadline_(core.io),
      reader_(core.limits.header_max, core.limits.body_max) {}

  void start() {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    arm(core_.limits.read_timeout);
    read_more();
  }

  void respond(http_response response) override {
    if (phase_ != phase::handling)
      return;
    try {
      write(checked(std::move(response)), keep_alive_);
    } catch (...) {
      // No memory for the answer; nothing else would end this session.
      close();
    }
  }

  std::optional<connection_standing> standing() const override {
    if (phase_ == phase::handling || phase_ == phase::writing)
      return std::nullopt;
    return connection_standing{phase_ == phase::reading, deadline_.since()};
  }

  void finish() override {
    finishing_ = true;
    if (phase_ != phase::handling && phase_ != phase::writing)
      close();
  }

  void close() override {
    if (phase_ == phase::closed)
      return;
    auto self = shared_from_this();
    phase_ = phase::closed;
    error_code ignored;
    socket_.close(ignored);
    deadline_.cancel();
    core_.sessions.erase(self);
    if (core_.stopping && core_.sessions.empty())
      core_.timer.cancel(ignored);
  }

private:
  std::shared_ptr<tcp_session> self() {
    return std::static_pointer_cast<tcp_session>(shared_from_this());
  }

  /// Returns a completion handler that calls `next` unless the session was
  /// closed, or its deadline passed, meanwhile. The deadline counts also when
  /// what was waited for came at the same moment: then there was no wait left
  /// to cancel, and nobody would look at the deadline again.
  template <class F>
  auto then(F next) {
    return [self = self(), next](error_code ec, size_t bytes) {
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

  void arm(duration limit) {
    deadline_.set(limit, [self = self()] {
      if (self->phase_ == phase::handling)
        return self->answer_late();
      error_code ignored;
      self->socket_.cancel(ignored);
    });
  }

  /// The handler's own answer, should it come, finds another phase.
  void answer_late() {
    try {
      write(core_.refuse(503, "no answer came in time", path_), false);
    } catch (...) {
      close();
    }
  }

  void time_out() {
    if (phase_ == phase::reading)
      refuse({408, "the request took too long"});
    else
      close();
  }

  void read_more() {
    socket_.async_read_some(
      asio::buffer(input_),
      then([](tcp_session& s, error_code ec, size_t bytes) {
        if (ec)
          return s.close();
        s.unread_ = {s.input_.data(), bytes};
        s.read_request();
      }));
  }

  void read_request() {
    unread_.remove_prefix(reader_.read(unread_));
    if (phase_ == phase::idle && (reader_.started() || reader_.refused())) {
      phase_ = phase::reading;
      if (served_)
        arm(core_.limits.read_timeout);
    }
    if (reader_.refused())
      refuse(*reader_.refused());
    else if (reader_.complete())
      hand_over();
    else if (reader_.awaits_continue())
      write_continue();
    else
      read_more();
  }

  void write_continue() {
    asio::async_write(socket_, asio::buffer(go_on),
                      then([](tcp_session& s, error_code ec, size_t) {
                        ec ? s.close() : s.read_more();
                      }));
  }

  void refuse(refusal why) {
    write(core_.refuse(why.status, why.text, reader_.head().path), false);
  }

  void hand_over() {
    phase_ = phase::handling;
    served_ = true;
    deadline_.clear();
    if (core_.limits.answer_timeout > duration::zero())
      arm(core_.limits.answer_timeout);
    keep_alive_ = reader_.head().keep_alive;
    to_head_ = reader_.head().method == "HEAD";
    auto request = reader_.take();
    request.client_address = client_;
    path_ = request.path;
    if (core_.in_flight >= core_.limits.requests_max
        && !core_.is_exempt(request)) {
      auto busy = core_.refuse(503, "too many requests in flight", path_);
      busy.retry_after = 1;
      return respond(std::move(busy));
    }
    auto bridge =
      std::make_shared<exchange>(core_.shared_from_this(), self(), path_);
    try {
      core_.handler(std::move(request), [bridge](http_response response) {
        bridge->answer(std::move(response));
      });
    } catch (const std::exception& e) {
      core_.report(std::string{"the handler failed: "} + e.what());
      bridge->fail("the handler failed");
    } catch (...) {
      core_.report("the handler failed");
      bridge->fail("the handler failed");
    }
  }

  /// Returns an answer that HTTP allows.
  http_response checked(http_response response) {
    auto fault = fault_of(response);
    if (fault.empty())
      return response;
    core_.report(path_ + ": " + fault);
    return core_.refuse(500, "the answer is not valid", path_);
  }

  void write(http_response from, bool keep_alive) {
    phase_ = phase::writing;
    keep_alive_ = keep_alive && !finishing_ && !core_.draining;
    response_context context{to_head_, keep_alive_};
    response_head_ = response_head(from, context);
    response_body_.clear();
    if (has_body(from, context))
      response_body_ = std::move(from.body);
    arm(core_.limits.write_timeout);
    std::array<asio::const_buffer, 2> both{asio::buffer(response_head_),
                                           asio::buffer(response_body_)};
    asio::async_write(socket_, both,
                      then([](tcp_session& s, error_code ec, size_t) {
                        if (ec)
                          s.close();
                        else if (s.keep_alive_ && !s.finishing_)
                          s.await_next_request();
                        else
                          s.linger();
                      }));
  }

  void await_next_request() {
    phase_ = phase::idle;
    to_head_ = false;
    reader_.reset();
    arm(core_.limits.idle_timeout);
    unread_.empty() ? read_more() : read_request();
  }

  void linger() {
    phase_ = phase::lingering;
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    arm(linger_timeout);
    drain(linger_max);
  }

  void drain(size_t most) {
    socket_.async_read_some(
      asio::buffer(input_),
      then([most](tcp_session& s, error_code ec, size_t bytes) {
        ec || bytes >= most ? s.close() : s.drain(most - bytes);
      }));
  }

  server_core& core_;
  asio::ip::tcp::socket socket_;
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
  phase phase_ = phase::idle;
  bool served_ = false;
  bool finishing_ = false;
};

} // namespace

void start_session(server_core& core, asio::ip::tcp::socket socket,
                   const asio::ip::address& client) {
  auto fresh = std::make_shared<tcp_session>(core, std::move(socket), client);
  core.sessions.insert(fresh);
  try {
    fresh->start();
  } catch (...) {
    fresh->close();
    throw;
  }
}

} // namespace bulwark::detail
