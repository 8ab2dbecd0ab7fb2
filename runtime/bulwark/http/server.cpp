#include <bulwark/http/detail/server_core.hpp>
#include <bulwark/http/detail/session.hpp>
#include <bulwark/http/server.hpp>
#include <bulwark/options/listen_error.hpp>
#include <bulwark/process/detail/descriptor_limit.hpp>

#include <boost/asio/post.hpp>

#include <optional>
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

/// Best effort: a client that is not quick enough sees a reset.
void turn_away(tcp::socket socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(no_room), ignored);
}

/// Closes the connection that is missed least; false if all are busy.
bool make_room(server_core& core) {
  std::optional<detail::connection_standing> least;
  detail::session* found = nullptr;
  for (const auto& each : core.sessions) {
    auto standing = each->standing();
    if (standing && (!least || *standing < *least)) {
      least = standing;
      found = each.get();
    }
  }
  if (found)
    found->close();
  return found != nullptr;
}

void take(server_core& core, tcp::socket socket, const tcp::endpoint& from) {
  if (core.sessions.size() < core.limits.connections_max || make_room(core))
    detail::start_session(core, std::move(socket), from.address());
  else
    turn_away(std::move(socket));
}

void accept_next(server_core& core);

/// Goes on accepting after a pause, so that what is wanting does not make the
/// thread spin.
void accept_later(server_core& core) {
  core.timer.expires_after(accept_pause);
  core.timer.async_wait([&core](error_code) {
    core.accepting = false;
    if (!core.stopping)
      accept_next(core);
  });
  core.accepting = true;
}

/// Whether it was only this connection that could not be taken.
bool may_go_on(error_code ec) {
  return !ec || ec == asio::error::would_block || ec == asio::error::try_again
         || ec == asio::error::interrupted
         || ec == asio::error::connection_aborted;
}

void accept_one(server_core& core) {
  error_code ec;
  tcp::endpoint from;
  auto socket = core.acceptor.accept(from, ec);
  if (!may_go_on(ec)) {
    core.report("no connection can be taken: " + ec.message());
    // Most likely for want of a descriptor.
    if (make_room(core))
      socket = core.acceptor.accept(from, ec);
  }
  if (!may_go_on(ec))
    return accept_later(core);
  // First, because taking this one may fail.
  accept_next(core);
  if (!ec)
    take(core, std::move(socket), from);
}

/// Waits for a connection before it accepts: without a descriptor to spare,
/// accepting fails also where there is none.
void accept_next(server_core& core) {
  core.acceptor.async_wait(tcp::acceptor::wait_read, [&core](error_code) {
    core.accepting = false;
    if (!core.stopping)
      accept_one(core);
  });
  core.accepting = true;
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
  error_code ignored;
  core.acceptor.close(ignored);
  core.timer.cancel(ignored);
  for_each_session(core, [](detail::session& one) { one.finish(); });
  if (core.sessions.empty())
    return;
  core.timer.expires_after(grace);
  core.timer.async_wait([&core](error_code) {
    for_each_session(core, [](detail::session& one) { one.close(); });
  });
}

/// Runs the server until it is stopped. Whatever is thrown is for want of
/// memory: for a connection, which is lost, or for an answer; what else is
/// served has deadlines and goes on. Accepting is taken up again.
void serve(server_core& core) {
  while (true) {
    try {
      // What was thrown may have been all there was to run.
      core.io.restart();
      if (!core.accepting && !core.stopping)
        accept_later(core);
      core.io.run();
      return;
    } catch (...) {
      if (!core.accepting)
        std::this_thread::sleep_for(accept_pause);
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
  if (!ec)
    acceptor.non_blocking(true, ec);
  return ec ? ec.message() : "";
}

} // namespace

http_server::http_server(http_limits limits, http_handler handler,
                         http_hooks hooks)
  : state_(std::make_unique<state>()) {
  limits.connections_max = detail::connections_below(detail::descriptor_limit(),
                                                     limits.connections_max);
  state_->core =
    std::make_shared<server_core>(limits, std::move(handler), std::move(hooks));
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

void http_server::drain() {
  auto& core = *state_->core;
  asio::post(core.io, [&core] { core.draining = true; });
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
