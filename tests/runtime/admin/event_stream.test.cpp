// Events as they come: what is told arrives once and in order, a reader goes on
// where it was, and those that do not read cost a bounded amount.

#include "runtime/admin/steered_fixture.hpp"

#include <bulwark/admin/detail/event_place.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <deque>

using namespace bulwark;
using namespace bulwark::test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string stream_request(const std::string& query = "",
                           const std::string& last = "") {
  return "GET /events" + query + " HTTP/1.1\r\nHost: localhost\r\n"
         + (last.empty() ? "" : "Last-Event-ID: " + last + "\r\n") + "\r\n";
}

/// One who reads a stream.
struct reader {
  raw_client client;
  std::string text = {};

  reader(const admin_node& of, const std::string& request) : client(of.port()) {
    client.send(request);
    CHECK(client.head().status == 200);
  }

  /// Returns the next part, up to an empty line.
  std::string next() {
    std::array<char, 4096> piece{};
    size_t end = 0;
    while ((end = text.find("\n\n")) == std::string::npos) {
      auto came = client.socket.receive(piece, soon());
      if (came == 0)
        throw std::runtime_error{"the stream has ended: " + text};
      text.append(piece.data(), came);
    }
    auto result = text.substr(0, end);
    text.erase(0, end + 2);
    return result;
  }

  /// Returns the next one about a component of that name.
  std::string next_of(const std::string& component) {
    for (;;)
      if (auto part = next();
          part.find("\"component\":\"" + component) != std::string::npos)
        return part;
  }
};

std::string id_of(const std::string& part) {
  return part.substr(4, part.find('\n') - 4);
}

void tell(steered_node& s, const std::string& component) {
  s.node.it.record_failure_event(component, "disk_full");
}

} // namespace

TEST_CASE("events arrive as they come, and a reader goes on where it was",
          "[admin]") {
  steered_node s;
  std::string last;
  {
    reader first{s.node, stream_request()};
    tell(s, "one");
    auto part = first.next_of("one");
    last = id_of(part);
    CHECK_THAT(last, Catch::StartsWith("alpha/"));
    auto data = json::parse(part.substr(part.find("data: ") + 6));
    CHECK(data.at("event") == "failure_reported");
    CHECK(data.at("sequence").dump() == last.substr(last.rfind('/') + 1));
  }
  for (int i = 0; i < 300; ++i)
    tell(s, "gap" + std::to_string(i));
  reader again{s.node, stream_request("", last)};
  for (int i = 0; i < 300; ++i)
    CHECK_THAT(again.next(), Catch::Contains("\"gap" + std::to_string(i)));
  reader text{s.node, stream_request("?format=text", last)};
  CHECK_THAT(text.next(), Catch::Contains("failure_reported component=gap0"));
}

TEST_CASE("a reader is told that events are missing", "[admin]") {
  steered_node s;
  tell(s, "one");
  // Of another start, which this one knows nothing of.
  reader other{s.node, stream_request("", "alpha/1/5")};
  CHECK(other.next() == "event: missed\ndata: {}");
  other.next_of("one");
}

TEST_CASE("what is no stream is refused", "[admin]") {
  steered_node s;
  CHECK(s.node.get("/events?format=xml").status == 400);
  for (auto bad : {"x", "alpha/1", "alpha/1/", "alpha//1", "alpha/-1/1",
                   "1alpha/1/1", "alpha/1/1/1", "//"}) {
    CAPTURE(bad);
    CHECK(s.node.get("/events", {{"Last-Event-ID", bad}}).status == 400);
  }
  auto good = detail::parse_event_place("alpha/17/4");
  CHECK(good == detail::event_place{"alpha", 17, 4});
}

TEST_CASE("there are only so many streams, and the rest is served", "[admin]") {
  steered_node s;
  auto works = [&] {
    caf::scoped_actor self{s.node.it.system()};
    auto good = false;
    self->request(s.node.it.gate("echo"), 10s, 7)
      .receive([&](int x) { good = x == 7; }, [](const caf::error&) {});
    return good;
  };
  std::deque<raw_client> silent;
  for (int i = 0; i < 1'000; ++i) {
    silent.emplace_back(s.node.port());
    silent.back().send(stream_request());
    if (silent.size() < 16)
      continue;
    if (i % 100 == 0) {
      CHECK(works());
      CHECK(s.node.get("/health/live").status == 200);
    }
    silent.pop_front();
  }
  silent.clear();
  // Those that are gone are noticed a little later.
  bool refused = false;
  CHECK(admin_node::eventually([&] {
    silent.emplace_back(s.node.port());
    silent.back().send(stream_request());
    refused = refused || silent.back().head().status == 503;
    return refused;
  }));
  CHECK(silent.size() <= 32);
  tell(s, "one");
  CHECK(works());
}
