#include "demo/customer.hpp"

#include <bulwark/http/server.hpp>

#include <catch2/catch.hpp>

#include <atomic>
#include <deque>
#include <mutex>

using namespace storefront;

namespace {

/// A front that gives the statuses it was told, then 200, and notes the
/// request ids it saw.
class scripted_front {
public:
  explicit scripted_front(std::deque<int> statuses = {})
    : statuses_(std::move(statuses)), port_(server_.listen("127.0.0.1", 0)) {
    server_.start();
  }

  front_address address(const std::string& node) const { return {node, port_}; }

  std::vector<std::string> ids() {
    std::lock_guard guard{mutex_};
    return ids_;
  }

private:
  void handle(const bulwark::http_request& request,
              const bulwark::http_responder& respond) {
    std::lock_guard guard{mutex_};
    ids_.push_back(request.request_id);
    int status = 200;
    if (!statuses_.empty()) {
      status = statuses_.front();
      statuses_.pop_front();
    }
    respond({.status = status, .body = "{}"});
  }

  std::mutex mutex_;
  std::deque<int> statuses_;
  std::vector<std::string> ids_;
  bulwark::http_server server_{{},
                               [this](const bulwark::http_request& request,
                                      const bulwark::http_responder& respond) {
                                 handle(request, respond);
                               }};
  uint16_t port_;
};

planned_request make_order() {
  planned_request result;
  result.service = "order_management";
  result.request_id = "r1";
  result.reference = "r1";
  result.leaves = effect::order;
  return result;
}

front_address nobody() {
  scripted_front gone;
  return gone.address("gamma");
}

using ids = std::vector<std::string>;

} // namespace

TEST_CASE("an order that failed is sent again under its request id", "[demo]") {
  scripted_front front{{500, 503}};
  outage none{"gamma"};
  tally counts;
  customer ann{{1, 1}, {front.address("alpha")}, none, counts};
  CHECK(ann.send(make_order()).status == 200);
  CHECK(front.ids() == ids{"r1", "r1", "r1"});
  auto result = counts.read();
  CHECK(result.sent == 3);
  CHECK(result.by_status
        == std::map<int, int64_t>{{200, 1}, {500, 1}, {503, 1}});
  CHECK(result.orders == ids{"r1"});
}

TEST_CASE("an order that was refused is not sent again", "[demo]") {
  scripted_front front{{400}};
  outage none{"gamma"};
  tally counts;
  customer ann{{1, 1}, {front.address("alpha")}, none, counts};
  CHECK(ann.send(make_order()).status == 400);
  CHECK(counts.read().orders.empty());
}

TEST_CASE("a request that leaves nothing is sent once", "[demo]") {
  scripted_front front{{503}};
  outage none{"gamma"};
  tally counts;
  customer ann{{1, 1}, {front.address("alpha")}, none, counts};
  auto request = make_order();
  request.leaves = effect::none;
  CHECK(ann.send(request).status == 503);
  CHECK(front.ids() == ids{"r1"});
}

TEST_CASE("a request that is cut goes elsewhere while its node is away",
          "[demo]") {
  scripted_front other;
  outage away{"gamma"};
  away.begin();
  tally counts;
  customer ann{{1, 1}, {nobody(), other.address("alpha")}, away, counts};
  CHECK(ann.send(make_order()).status == 200);
  CHECK(ann.send(make_order()).status == 200);
  CHECK(other.ids() == ids{"r1", "r1"});
  auto result = counts.read();
  CHECK(result.sent == 3);
  CHECK(result.cut == 1);
  CHECK(result.cut_elsewhere == 0);
}

TEST_CASE("a cut at a node that should live is told apart", "[demo]") {
  scripted_front other;
  outage none{"gamma"};
  tally counts;
  customer ann{{1, 1}, {nobody(), other.address("alpha")}, none, counts};
  ann.send(make_order());
  CHECK(counts.read().cut == 0);
  CHECK(counts.read().cut_elsewhere > 0);
}

TEST_CASE("a customer comes back to its front when its node is back",
          "[demo]") {
  scripted_front own;
  scripted_front other;
  outage away{"gamma"};
  tally counts;
  customer ann{
    {1, 1}, {own.address("gamma"), other.address("alpha")}, away, counts};
  away.begin();
  ann.send(make_order());
  CHECK(own.ids().size() == 1);
  away.end();
  ann.send(make_order());
  CHECK(own.ids().size() == 2);
}
