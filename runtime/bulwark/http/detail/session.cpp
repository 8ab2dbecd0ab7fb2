#include <bulwark/http/detail/beast_messages.hpp>
#include <bulwark/http/detail/exchange.hpp>
#include <bulwark/http/detail/session.hpp>

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>

#include <optional>

namespace bulwark::detail {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

/// Read ahead of the parser, beyond the header.
constexpr size_t read_ahead = 16 * 1024;

/// A client that is told no may still be sending: closing at once would reset
/// the connection and take the answer with it. So much is read and dropped.
constexpr size_t linger_max = 1024 * 1024;
constexpr duration linger_timeout = std::chrono::seconds{1};

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

enum class phase { idle, reading, handling, writing, lingering, closed };

class beast_session final : public session {
public:
  beast_session(server_core& core, asio::ip::tcp::socket socket)
    : core_(core),
      socket_(std::move(socket)),
      timer_(core.io),
      buffer_(core.limits.header_max + read_ahead) {}

  void start() {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
    arm(core_.limits.read_timeout);
    await_request();
  }

  void respond(http_response response) override {
    if (phase_ == phase::handling)
      write(std::move(response), !finishing_ && request().keep_alive());
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
    timer_.cancel();
    core_.sessions.erase(self);
    if (core_.stopping && core_.sessions.empty())
      core_.timer.cancel();
  }

private:
  using parser_type = http::request_parser<beast_request::body_type>;

  const beast_request& request() const { return parser_->get(); }

  std::shared_ptr<beast_session> self() {
    return std::static_pointer_cast<beast_session>(shared_from_this());
  }

  /// Returns a completion handler that calls `next` unless the session was
  /// closed meanwhile.
  template <class F>
  auto then(F next) {
    return [self = self(), next](error_code ec, size_t bytes) {
      if (self->phase_ == phase::closed)
        return;
      try {
        next(*self, ec, bytes);
      } catch (...) {
        // No memory for this client; the others and the server go on.
        self->close();
      }
    };
  }

  void arm(duration limit) {
    expired_ = false;
    timer_.expires_after(limit);
    // A wait that has expired already cannot be cancelled: the number tells
    // it from the current one.
    timer_.async_wait([self = self(), wait = ++waits_](error_code) {
      if (wait != self->waits_ || self->phase_ == phase::closed)
        return;
      self->expired_ = true;
      error_code ignored;
      self->socket_.cancel(ignored);
    });
  }

  void disarm() {
    ++waits_;
    timer_.cancel();
  }

  void await_request() {
    phase_ = phase::idle;
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(core_.limits.header_max));
    parser_->body_limit(core_.limits.body_max);
    if (buffer_.size() > 0) {
      arm(core_.limits.read_timeout);
      return read_header();
    }
    socket_.async_read_some(
      buffer_.prepare(4096),
      then([](beast_session& s, error_code ec, size_t bytes) {
        if (ec)
          return s.close();
        s.buffer_.commit(bytes);
        if (s.served_)
          s.arm(s.core_.limits.read_timeout);
        s.read_header();
      }));
  }

  void read_header() {
    phase_ = phase::reading;
    http::async_read_header(
      socket_, buffer_, *parser_,
      then([](beast_session& s, error_code ec, size_t) {
        if (ec)
          s.refuse(ec);
        else if (boost::beast::iequals(s.request()[http::field::expect],
                                       "100-continue"))
          s.write_continue();
        else
          s.read_body();
      }));
  }

  void write_continue() {
    asio::async_write(socket_, asio::buffer(go_on),
                      then([](beast_session& s, error_code ec, size_t) {
                        ec ? s.close() : s.read_body();
                      }));
  }

  void read_body() {
    http::async_read(socket_, buffer_, *parser_,
                     then([](beast_session& s, error_code ec, size_t) {
                       ec ? s.refuse(ec) : s.hand_over();
                     }));
  }

  void refuse(error_code ec) {
    auto about = expired_
                   ? std::optional{complaint{408, "the request took too long"}}
                   : complaint_about(ec);
    if (about)
      write(core_.refuse(about->status, about->text, path()), false);
    else
      close();
  }

  /// Empty when it did not arrive.
  std::string path() const {
    auto target = request().target();
    return split({target.data(), target.size()}).first;
  }

  void hand_over() {
    phase_ = phase::handling;
    served_ = true;
    disarm();
    if (core_.in_flight >= core_.limits.requests_max) {
      auto busy = core_.refuse(503, "too many requests in flight", path());
      busy.retry_after = 1;
      return respond(std::move(busy));
    }
    auto bridge =
      std::make_shared<exchange>(core_.shared_from_this(), self(), path());
    try {
      core_.handler(to_request(parser_->get()),
                    [bridge](http_response response) {
                      bridge->answer(std::move(response));
                    });
    } catch (...) {
      bridge->fail("the handler failed");
    }
  }

  void write(http_response from, bool keep_alive) {
    phase_ = phase::writing;
    bool with_body = request().method() != http::verb::head;
    response_ = to_beast(std::move(from), keep_alive, with_body);
    arm(core_.limits.write_timeout);
    http::async_write(
      socket_, response_,
      then([keep_alive](beast_session& s, error_code ec, size_t) {
        if (ec)
          s.close();
        else if (keep_alive && !s.finishing_)
          s.await_next_request();
        else
          s.linger();
      }));
  }

  void await_next_request() {
    arm(core_.limits.idle_timeout);
    await_request();
  }

  void linger() {
    phase_ = phase::lingering;
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    arm(linger_timeout);
    drain(linger_max);
  }

  void drain(size_t most) {
    buffer_.consume(buffer_.size());
    socket_.async_read_some(
      buffer_.prepare(4096),
      then([most](beast_session& s, error_code ec, size_t bytes) {
        ec || bytes >= most ? s.close() : s.drain(most - bytes);
      }));
  }

  server_core& core_;
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser_type> parser_;
  beast_response response_;
  phase phase_ = phase::idle;
  uint64_t waits_ = 0;
  bool expired_ = false;
  bool served_ = false;
  bool finishing_ = false;
};

} // namespace

void start_session(server_core& core, asio::ip::tcp::socket socket) {
  auto fresh = std::make_shared<beast_session>(core, std::move(socket));
  core.sessions.insert(fresh);
  fresh->start();
}

} // namespace bulwark::detail
