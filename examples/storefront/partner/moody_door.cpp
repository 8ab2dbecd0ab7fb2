#include "partner/moody_door.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <thread>
#include <utility>

namespace storefront {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using error = boost::system::error_code;

constexpr auto slow_by = std::chrono::milliseconds{500};

/// What is left of the moods.
struct script {
  std::vector<mood> moods;
  size_t next = 0;

  mood take() { return next < moods.size() ? moods[next++] : mood::well; }
};

/// Returns what is sent in place of an answer, before the connection ends.
std::string answer_of(mood which) {
  switch (which) {
  case mood::fail:
    return "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n"
           "Connection: close\r\n\r\n";
  case mood::busy:
    return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
           "Retry-After: 1\r\nConnection: close\r\n\r\n";
  case mood::garbage:
    return "\x16\x03\x01 this is no HTTP\r\n\r\n";
  default:
    return "";
  }
}

/// One connection: a client, and the server behind the door.
class passage : public std::enable_shared_from_this<passage> {
public:
  passage(tcp::socket client, tcp::endpoint server, script& moods)
    : client_(std::move(client)),
      server_(client_.get_executor()),
      at_(std::move(server)),
      timer_(client_.get_executor()),
      moods_(moods) {}

  void start() {
    server_.async_connect(at_, [self = shared_from_this()](error e) {
      if (e)
        return;
      self->read_client();
      self->read_server();
    });
  }

private:
  // A request of the example comes in one piece.
  void read_client() {
    client_.async_read_some(asio::buffer(in_),
                            [self = shared_from_this()](error e, size_t size) {
                              if (e)
                                return self->close();
                              self->treat(self->moods_.take(), size);
                            });
  }

  void treat(mood which, size_t size) {
    switch (which) {
    case mood::well:
      return pass_on(size);
    case mood::slow:
      timer_.expires_after(slow_by);
      return timer_.async_wait([self = shared_from_this(), size](error e) {
        if (!e)
          self->pass_on(size);
      });
    case mood::hang:
      return read_client();
    case mood::cut:
      return close();
    default:
      text_ = answer_of(which);
      return asio::async_write(
        client_, asio::buffer(text_),
        [self = shared_from_this()](error, size_t) { self->close(); });
    }
  }

  void pass_on(size_t size) {
    asio::async_write(server_, asio::buffer(in_, size),
                      [self = shared_from_this()](error e, size_t) {
                        if (e)
                          return self->close();
                        self->read_client();
                      });
  }

  void read_server() {
    server_.async_read_some(
      asio::buffer(out_), [self = shared_from_this()](error e, size_t size) {
        if (e)
          return self->close();
        asio::async_write(self->client_, asio::buffer(self->out_, size),
                          [self](error failed, size_t) {
                            if (failed)
                              return self->close();
                            self->read_server();
                          });
      });
  }

  void close() {
    error ignored;
    timer_.cancel();
    client_.close(ignored);
    server_.close(ignored);
  }

  tcp::socket client_;
  tcp::socket server_;
  tcp::endpoint at_;
  asio::steady_timer timer_;
  script& moods_;
  std::array<char, 16'384> in_{};
  std::array<char, 16'384> out_{};
  std::string text_;
};

} // namespace

struct moody_door::state {
  state(const std::string& host, uint16_t port, uint16_t inner,
        std::vector<mood> list)
    : moods{std::move(list)},
      server(asio::ip::make_address(host), inner),
      acceptor(context, {asio::ip::make_address(host), port}) {
    accept();
    thread = std::thread{[this] { context.run(); }};
  }

  ~state() {
    context.stop();
    thread.join();
  }

  void accept() {
    acceptor.async_accept([this](error e, tcp::socket client) {
      if (!e)
        std::make_shared<passage>(std::move(client), server, moods)->start();
      accept();
    });
  }

  script moods;
  asio::io_context context{1};
  tcp::endpoint server;
  tcp::acceptor acceptor;
  std::thread thread;
};

moody_door::moody_door(const std::string& host, uint16_t port, uint16_t inner,
                       std::vector<mood> moods)
  : state_(std::make_unique<state>(host, port, inner, std::move(moods))) {}

moody_door::~moody_door() = default;

uint16_t moody_door::port() const {
  return state_->acceptor.local_endpoint().port();
}

} // namespace storefront
