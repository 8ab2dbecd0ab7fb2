#include <bulwark/detail/descriptor_limit.hpp>
#include <bulwark/http/detail/server_core.hpp>
#include <bulwark/http/detail/session.hpp>
#include <bulwark/http/server.hpp>
#include <bulwark/listen_error.hpp>

#include <boost/asio/post.hpp>

#include <thread>

namespace bulwark {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using detail::server_core;

struct http_server::state {
  std::shared_ptr<server_core> core;
  std::thread thread;
};

namespace {

/// Pause after an accept that failed for want of file descriptors or memory.
constexpr duration accept_pause = std::chrono::milliseconds{100};

constexpr std::string_view no_room =
  "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
  "Retry-After: 1\r\nConnection: close\r\n\r\n";

void take(server_core& core, tcp::socket socket) {
  if (core.sessions.size() < core.limits.connections_max)
    return detail::start_session(core, std::move(socket));
  // Best effort: a client that is not quick enough sees a reset.
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(no_room), ignored);
}

void accept_next(server_core& core) {
  core.acceptor.async_accept([&core](error_code ec, tcp::socket socket) {
    if (core.stopping)
      return;
    if (!ec) {
      take(core, std::move(socket));
      return accept_next(core);
    }
    core.timer.expires_after(accept_pause);
    core.timer.async_wait([&core](error_code) {
      if (!core.stopping)
        accept_next(core);
    });
  });
}

/// Runs `act` with each session; sessions leave the set while it runs.
template <class F>
void for_each_session(server_core& core, F act) {
  auto sessions = core.sessions;
  for (auto& one : sessions)
    act(*one);
}

void wind_down(server_core& core, duration grace) {
  core.stopping = true;
  core.acceptor.close();
  core.timer.cancel();
  for_each_session(core, [](detail::session& one) { one.finish(); });
  if (core.sessions.empty())
    return;
  core.timer.expires_after(grace);
  core.timer.async_wait([&core](error_code) {
    for_each_session(core, [](detail::session& one) { one.close(); });
  });
}

void serve(server_core& core) {
  while (true) {
    try {
      core.io.run();
      return;
    } catch (...) {
      // No memory to take a connection or an answer; those that are served
      // have deadlines and go on.
    }
  }
}

std::string bind_to(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  error_code ec;
  acceptor.open(where.protocol(), ec);
  if (!ec)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
  if (!ec)
    acceptor.bind(where, ec);
  if (!ec)
    acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  return ec ? ec.message() : "";
}

} // namespace

http_server::http_server(http_limits limits, http_handler handler,
                         http_error_body errors)
  : state_(std::make_unique<state>()) {
  limits.connections_max = detail::connections_below(detail::descriptor_limit(),
                                                     limits.connections_max);
  state_->core = std::make_shared<server_core>(limits, std::move(handler),
                                               std::move(errors));
}

http_server::~http_server() {
  stop();
}

uint16_t http_server::listen(const std::string& host, uint16_t port) {
  auto& core = *state_->core;
  error_code ec;
  tcp::resolver resolver{core.io};
  auto found =
    resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
  auto cause = ec ? ec.message() : bind_to(core.acceptor, *found.begin());
  if (!cause.empty())
    throw listen_error("cannot listen on " + host + ":" + std::to_string(port)
                       + ": " + cause);
  return core.acceptor.local_endpoint().port();
}

void http_server::start() {
  accept_next(*state_->core);
  state_->thread = std::thread{[core = state_->core] { serve(*core); }};
}

void http_server::stop(duration grace) {
  auto& core = *state_->core;
  if (!state_->thread.joinable()) {
    error_code ignored;
    core.acceptor.close(ignored);
    return;
  }
  asio::post(core.io, [&core, grace] { wind_down(core, grace); });
  state_->thread.join();
}

} // namespace bulwark
