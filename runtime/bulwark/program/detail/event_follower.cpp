#include <bulwark/http/client.hpp>
#include <bulwark/http/detail/blocking_socket.hpp>
#include <bulwark/http/detail/reply_reader.hpp>
#include <bulwark/program/detail/event_follower.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace bulwark::program {

namespace {

using namespace std::chrono_literals;

/// A node says something every 15 s.
constexpr auto silence_max = 40s;
constexpr auto answer_time = 5s;
constexpr auto try_again = 1s;
constexpr size_t head_max = 16 * 1024;

time_point in(duration length) {
  return std::chrono::steady_clock::now() + length;
}

std::string stream_request(const host_port& where, const std::string& format,
                           const std::string& last) {
  auto text = "GET /events?format=" + format
              + " HTTP/1.1\r\nHost: " + to_string(where) + "\r\n";
  if (!last.empty())
    text += "Last-Event-ID: " + last + "\r\n";
  return text + "\r\n";
}

/// Returns what came behind the head.
std::string read_head(detail::blocking_socket& from) {
  std::string text;
  std::array<char, 4096> piece{};
  auto until = in(answer_time);
  size_t end = std::string::npos;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    auto came = from.receive(piece, until);
    if (came == 0 || text.size() + came > head_max)
      throw std::runtime_error{"what answers is no node"};
    text.append(piece.data(), came);
  }
  auto head = detail::parse_reply_header(text.substr(0, end));
  auto rest = text.substr(end + 4);
  if (head.status != 200)
    throw std::runtime_error{"the node does not tell its events: status "
                             + std::to_string(head.status) + " "
                             + one_line(rest.substr(0, rest.find('\n')))};
  return rest;
}

/// Until the stream ends or the output is closed.
void read_stream(const host_port& where, const std::string& format,
                 sent_events& into) {
  detail::blocking_socket socket{where.host, where.port, in(answer_time)};
  socket.send(stream_request(where, format, into.last()), in(answer_time));
  into.read(read_head(socket));
  std::array<char, 4096> piece{};
  while (std::cout) {
    auto came = socket.receive(piece, in(silence_max));
    if (came == 0)
      return;
    into.read({piece.data(), came});
    std::cout << std::flush;
  }
}

} // namespace

void sent_events::read(std::string_view bytes) {
  for (char each : bytes) {
    if (each != '\n') {
      if (line_.size() == line_max)
        throw std::runtime_error{"what answers is no node"};
      line_ += each;
      continue;
    }
    take(line_);
    line_.clear();
  }
}

void sent_events::take(std::string_view line) {
  auto value = [&](std::string_view field, std::string& into) {
    if (line.starts_with(field))
      into = line.substr(field.size());
  };
  value("id: ", id_);
  value("event: ", event_);
  value("data: ", data_);
  if (!line.empty())
    return;
  if (event_ == "missed")
    std::cerr << "bulwark: the node does not keep all events since\n";
  else if (!data_.empty())
    told_(data_);
  if (!id_.empty())
    last_ = id_;
  id_.clear();
  event_.clear();
  data_.clear();
}

void follow_node(const std::function<node_access()>& find,
                 const std::string& format) {
  sent_events events{
    [](const std::string& data) { std::cout << data << '\n'; }};
  auto reached = false;
  while (std::cout) {
    try {
      read_stream(find().where, format, events);
      reached = true;
    } catch (const std::exception& e) {
      if (!reached && events.last().empty())
        throw std::runtime_error{std::string{"no node is reached: "}
                                 + e.what()};
    }
    std::cout << std::flush;
    std::this_thread::sleep_for(try_again);
  }
}

} // namespace bulwark::program
