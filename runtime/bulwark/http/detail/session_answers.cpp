#include <bulwark/http/detail/response_head.hpp>
#include <bulwark/http/detail/tcp_session.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

// How a session writes its answers.

namespace bulwark::detail {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// A client that is told no may still be sending: closing at once would reset
/// the connection and take the answer with it. So much is read and dropped.
constexpr size_t linger_max = 1024 * 1024;
constexpr duration linger_timeout = std::chrono::seconds{1};

/// Of a streamed answer: how much is written at once.
constexpr size_t stream_piece_max = 16 * 1024;

} // namespace

void tcp_session::respond(http_response response) {
  if (phase_ != phase::handling) {
    if (response.stream)
      response.stream->abort();
    return;
  }
  try {
    auto good = checked(std::move(response));
    stream_ = good.stream;
    write(std::move(good), keep_alive_ && !stream_);
  } catch (...) {
    // No memory for the answer; nothing else would end this session.
    close();
  }
}

http_response tcp_session::checked(http_response response) {
  auto fault = fault_of(response);
  if (fault.empty())
    return response;
  core_.report(path_ + ": " + fault);
  return core_.refuse(500, "the answer is not valid", path_);
}

void tcp_session::write(http_response from, bool keep_alive) {
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
                      else if (s.stream_ && !s.to_head_)
                        s.begin_stream();
                      else if (s.keep_alive_ && !s.finishing_)
                        s.await_next_request();
                      else
                        s.linger();
                    }));
}

void tcp_session::begin_stream() {
  phase_ = phase::streaming;
  deadline_.clear();
  stream_->wake_by(
    [kept = core_.shared_from_this(), me = std::weak_ptr<tcp_session>{self()}] {
      asio::post(kept->io, [me] {
        if (auto to = me.lock())
          to->stream_more();
      });
    });
  socket_.async_read_some(
    asio::buffer(input_),
    then([](tcp_session& s, error_code, size_t) { s.close(); }));
  stream_more();
}

void tcp_session::stream_more() {
  if (phase_ != phase::streaming)
    return;
  if (finishing_ || stream_->aborted())
    return close();
  if (stream_writes_)
    return;
  response_body_ = stream_->take(stream_piece_max);
  if (response_body_.empty()) {
    deadline_.clear();
    if (stream_->ended())
      close();
    return;
  }
  stream_writes_ = true;
  arm(core_.limits.stream_timeout);
  asio::async_write(socket_, asio::buffer(response_body_),
                    then([](tcp_session& s, error_code ec, size_t) {
                      s.stream_writes_ = false;
                      s.stream_->left();
                      ec ? s.close() : s.stream_more();
                    }));
}

void tcp_session::linger() {
  phase_ = phase::lingering;
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  arm(linger_timeout);
  drain(linger_max);
}

void tcp_session::drain(size_t most) {
  socket_.async_read_some(
    asio::buffer(input_),
    then([most](tcp_session& s, error_code ec, size_t bytes) {
      ec || bytes >= most ? s.close() : s.drain(most - bytes);
    }));
}

} // namespace bulwark::detail
