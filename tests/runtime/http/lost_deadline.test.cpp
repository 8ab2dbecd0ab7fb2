// A deadline that passed while data was ready was lost: the wait for it had
// ended, nothing was left to cancel, and the next read had no deadline.
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

TEST_CASE("a deadline that passes while data is ready is kept", "[http]") {
  // Real time, because the order in which one thread meets its timers and its
  // sockets is what went wrong: the handler of another request holds it until
  // both are due.
  std::mutex held;
  running_server server{[&](http_request, const http_responder& respond) {
                          std::lock_guard wait{held};
                          respond({});
                        },
                        {.read_timeout = 100ms}};
  raw_client late{server};
  raw_client busy{server};
  {
    std::lock_guard hold{held};
    busy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    late.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n"
              + std::string(50'000, 'x'));
    char none = 0;
    CHECK_THROWS_AS(late.socket.receive({&none, 1}, now() + 300ms), http_error);
  }
  CHECK(late.reply().status == 408);
  CHECK(late.closed());
}
