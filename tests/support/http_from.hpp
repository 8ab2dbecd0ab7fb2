#pragma once

#include <cstdint>
#include <string>

namespace test {

/// An answer, as far as tests of who asks look at it.
struct http_answer {
  int status = 0;
  std::string head;
  std::string body;
};

/// A request over a connection of its own from a given IPv4 address of this
/// machine, such as 127.0.0.2, to 127.0.0.1.
///
/// Confined to one thread.
class request_from {
public:
  /// Sends it. @throws std::system_error
  request_from(const std::string& address, uint16_t port,
               const std::string& method, const std::string& target,
               const std::string& body = "");
  ~request_from();

  request_from(const request_from&) = delete;
  request_from& operator=(const request_from&) = delete;

  /// Waits for the answer, for 20 s. @throws std::system_error
  http_answer answer();

private:
  int fd_;
};

/// Sends a request and waits for its answer.
http_answer http_from(const std::string& address, uint16_t port,
                      const std::string& method, const std::string& target,
                      const std::string& body = "");

} // namespace test
