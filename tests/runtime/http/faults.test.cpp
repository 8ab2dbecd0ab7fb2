// An answer with a status that HTTP does not have was thrown over the server,
// and its session stayed for ever; an exception while a connection was taken
// ended the taking of connections.
#include "server_fixture.hpp"

#include <catch2/catch.hpp>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;

namespace {

constexpr auto get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/// What a server told of, in the order it was told.
class told_faults {
public:
  http_hooks hooks() {
    return {.report = [this](const std::string& what) {
      std::lock_guard guard{mutex_};
      all_.push_back(what);
    }};
  }

  std::vector<std::string> all() const {
    std::lock_guard guard{mutex_};
    return all_;
  }

private:
  mutable std::mutex mutex_;
  std::vector<std::string> all_;
};

/// Uses up all file descriptors of this process.
class no_descriptors {
public:
  no_descriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    auto few = before_;
    few.rlim_cur = 256;
    setrlimit(RLIMIT_NOFILE, &few);
    for (int fd = dup(0); fd >= 0; fd = dup(0))
      used_.push_back(fd);
  }

  ~no_descriptors() {
    for (auto fd : used_)
      close(fd);
    setrlimit(RLIMIT_NOFILE, &before_);
  }

  no_descriptors(const no_descriptors&) = delete;
  no_descriptors& operator=(const no_descriptors&) = delete;

private:
  rlimit before_{};
  std::vector<int> used_;
};

/// Sends `get` by a socket that was there before, and returns what comes.
std::string ask_by(int fd, uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  timeval limit{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) != 0)
    return "not connected";
  std::string_view bytes{get};
  send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string answer(100, ' ');
  auto came = recv(fd, answer.data(), answer.size(), 0);
  answer.resize(static_cast<size_t>(std::max<ssize_t>(came, 0)));
  return answer;
}

} // namespace

TEST_CASE("an answer that HTTP does not have becomes a 500 and is told of",
          "[http]") {
  auto [response, fault] = GENERATE(table<http_response, std::string>({
    {{.status = 1000},
     "the answer's status is 1000; it must be within 200 "
     "and 599"},
    {{.status = 99},
     "the answer's status is 99; it must be within 200 and "
     "599"},
    {{.status = 100},
     "the answer's status is 100; it must be within 200 and "
     "599"},
    {{.status = -1},
     "the answer's status is -1; it must be within 200 and "
     "599"},
    {{.content_type = "text/plain\r\nX: y"},
     "a field of the answer has a control character"},
    {{.status = 405, .allow = "GET\r\nX: y"},
     "a field of the answer has a control character"},
  }));
  told_faults told;
  running_server server{[answer = response](const http_request& request,
                                            const http_responder& respond) {
                          request.path == "/bad" ? respond(answer)
                                                 : respond({});
                        },
                        {.connections_max = 1},
                        told.hooks()};
  raw_client client{server};
  client.send("GET /bad HTTP/1.1\r\nHost: x\r\n\r\n");
  auto reply = client.reply();
  CHECK(reply.status == 500);
  CHECK(reply.field("x").empty());
  CHECK(told.all() == std::vector{"/bad: " + fault});
  client.send(get);
  CHECK(client.reply().status == 200);
}

TEST_CASE("a handler that throws is told of", "[http]") {
  told_faults told;
  running_server server{
    [](http_request, http_responder) { throw std::runtime_error("no disk"); },
    {},
    told.hooks()};
  CHECK(server.client().request("GET", "/", "", patience).status == 500);
  CHECK(told.all() == std::vector<std::string>{"the handler failed: no disk"});
}

TEST_CASE("answers without a body say so", "[http]") {
  auto status = GENERATE(204, 304);
  running_server server{[=](http_request, const http_responder& respond) {
    respond({.status = status, .body = "none of this is sent"});
  }};
  raw_client client{server};
  for (int i = 0; i < 2; ++i) {
    client.send(get);
    auto head = client.head();
    CHECK(head.status == status);
    CHECK(head.field("content-length").empty());
  }
}

TEST_CASE("a server without descriptors frees that of an idle connection",
          "[http]") {
  told_faults told;
  running_server server{echo, {}, told.hooks()};
  raw_client idle{server};
  idle.send(get);
  CHECK(idle.reply().status == 200);
  auto fd = socket(AF_INET, SOCK_STREAM, 0);
  {
    no_descriptors none;
    CHECK(ask_by(fd, server.port).starts_with("HTTP/1.1 200 OK"));
  }
  close(fd);
  CHECK(idle.closed());
  REQUIRE(told.all().size() == 1);
  CHECK(told.all()[0] == "no connection can be taken: Too many open files");
}
