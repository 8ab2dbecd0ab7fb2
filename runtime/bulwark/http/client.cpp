#include <bulwark/http/client.hpp>
#include <bulwark/http/detail/blocking_socket.hpp>
#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/reply_reader.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

struct http_client::connection {
  connection(const std::string& host, uint16_t port, time_point deadline,
             const std::atomic<bool>* give_up)
    : socket(host, port, deadline, give_up), reader(socket) {}

  detail::blocking_socket socket;
  detail::reply_reader reader;
};

namespace {

/// Whoever passes on what others gave must not send requests of theirs.
void check(std::string_view method, std::string_view target,
           const http_fields& fields) {
  auto good = detail::is_token(method) && !target.empty()
              && std::all_of(target.begin(), target.end(), [](char c) {
                   return c != ' ' && detail::is_value_character(c);
                 });
  for (auto& [name, value] : fields)
    good = good && detail::is_token(name) && detail::is_value(value);
  if (!good)
    throw http_error(http_failure::malformed,
                     "the request's method, target or fields are malformed");
}

/// RFC 9112, 3.2: with the port, unless it is the one of the scheme.
std::string host_field(const std::string& host, uint16_t port) {
  constexpr uint16_t of_http = 80;
  auto text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == of_http ? text : text + ":" + std::to_string(port);
}

std::string compose(std::string_view method, std::string_view target,
                    std::string_view host, std::string_view body,
                    const http_fields& fields) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
  text.append("Host: ").append(host).append("\r\n");
  for (auto& [name, value] : fields)
    text.append(name).append(": ").append(value).append("\r\n");
  text.append("Content-Length: ").append(std::to_string(body.size()));
  return text.append("\r\n\r\n").append(body);
}

} // namespace

std::string_view http_reply::field(std::string_view name) const {
  auto found = std::find_if(fields.begin(), fields.end(),
                            [&](auto& field) { return field.first == name; });
  return found == fields.end() ? std::string_view{} : found->second;
}

http_client::http_client(std::string host, uint16_t port,
                         const std::atomic<bool>* give_up)
  : host_(std::move(host)), port_(port), give_up_(give_up) {}

http_client::~http_client() = default;
http_client::http_client(http_client&&) noexcept = default;
http_client& http_client::operator=(http_client&&) noexcept = default;

http_reply http_client::request(std::string_view method,
                                std::string_view target, std::string_view body,
                                duration timeout, const http_fields& fields) {
  check(method, target, fields);
  auto deadline =
    std::chrono::steady_clock::now() + std::min(timeout, option_duration_max);
  // Out of the member while in use, so that whatever is thrown closes it.
  auto used = std::move(connection_);
  if (!used || used->socket.stale())
    used = std::make_unique<connection>(host_, port_, deadline, give_up_);
  used->socket.send(
    compose(method, target, host_field(host_, port_), body, fields), deadline);
  auto reply = used->reader.next(deadline, method == "HEAD");
  if (!used->reader.at_end())
    connection_ = std::move(used);
  return reply;
}

} // namespace bulwark
