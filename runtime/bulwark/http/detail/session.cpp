#include <bulwark/http/detail/address_text.hpp>
#include <bulwark/http/detail/exchange.hpp>
#include <bulwark/http/detail/tcp_session.hpp>

#include <boost/asio/write.hpp>

namespace bulwark::detail {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

tcp_session::tcp_session(server_core& core, asio::ip::tcp::socket socket,
                         const asio::ip::address& client)
  : core_(core),
    socket_(std::move(socket)),
    client_(address_text(client)),
    deadline_(core.io),
    reader_(core.limits.header_max, core.limits.body_max) {}

void tcp_session::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
  arm(core_.limits.read_timeout);
  read_more();
}

std::optional<connection_standing> tcp_session::standing() const {
  if (is_busy() || phase_ == phase::streaming)
    return std::nullopt;
  return connection_standing{phase_ == phase::reading, deadline_.since()};
}

void tcp_session::finish() {
  finishing_ = true;
  if (!is_busy())
    close();
}

void tcp_session::close() {
  if (phase_ == phase::closed)
    return;
  auto kept = shared_from_this();
  phase_ = phase::closed;
  if (stream_)
    stream_->abort();
  error_code ignored;
  socket_.close(ignored);
  deadline_.cancel();
  core_.sessions.erase(kept);
  if (core_.stopping && core_.sessions.empty())
    core_.timer.cancel(ignored);
}

void tcp_session::arm(duration limit) {
  deadline_.set(limit, [self = self()] {
    if (self->phase_ == phase::handling)
      return self->answer_late();
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

/// The handler's own answer, should it come, finds another phase.
void tcp_session::answer_late() {
  try {
    write(core_.refuse(503, "no answer came in time", path_), false);
  } catch (...) {
    close();
  }
}

void tcp_session::time_out() {
  if (phase_ == phase::reading)
    refuse({408, "the request took too long"});
  else
    close();
}

void tcp_session::read_more() {
  socket_.async_read_some(asio::buffer(input_),
                          then([](tcp_session& s, error_code ec, size_t bytes) {
                            if (ec)
                              return s.close();
                            s.unread_ = {s.input_.data(), bytes};
                            s.read_request();
                          }));
}

void tcp_session::read_request() {
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

void tcp_session::write_continue() {
  asio::async_write(socket_, asio::buffer(go_on),
                    then([](tcp_session& s, error_code ec, size_t) {
                      ec ? s.close() : s.read_more();
                    }));
}

void tcp_session::refuse(refusal why) {
  write(core_.refuse(why.status, why.text, reader_.head().path), false);
}

void tcp_session::hand_over() {
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

void tcp_session::await_next_request() {
  phase_ = phase::idle;
  to_head_ = false;
  reader_.reset();
  arm(core_.limits.idle_timeout);
  unread_.empty() ? read_more() : read_request();
}

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
