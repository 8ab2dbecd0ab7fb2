#include "shop.hpp"

#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <caf/actor_cast.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

#include <memory>
#include <utility>

namespace compartments {

namespace {

/// A client to its load test: give me the next one.
struct next_request {};

/// A service to itself: the work of a request is done.
struct work_done {
  user_request request;
  caf::response_promise promise;
};

user_answer success(const user_request& request, std::string text,
                    bulwark::duration time) {
  return {"success", std::move(text), time, compartment_of.at(request.type)};
}

user_answer failure(const caf::error& why) {
  if (auto refusal = bulwark::refusal_of(why))
    return {"resource_exhausted",
            "Resource pool " + refusal->bulkhead + " exhausted",
            {},
            {},
            refusal->utilization};
  return {"service_error", bulwark::describe(why), {}, {}, 0};
}

} // namespace

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::next_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::work_done)

namespace compartments {

namespace {

/// One user after the other; ends when nothing is left for it.
caf::behavior load_client(caf::event_based_actor* self, const caf::actor& test,
                          const std::map<std::string, caf::actor>& gates) {
  self->send(test, next_request{});
  return {[=](const user_request& what) {
    auto since = self->clock().now();
    auto report = [=](user_answer answer) {
      self->send(test, user_result{what, std::move(answer)});
      self->send(test, next_request{});
    };
    self->request(gates.at(what.type), caf::infinite, what)
      .then(
        [=](std::string& text) {
          auto time = self->clock().now() - since;
          report(success(what, std::move(text), time));
        },
        [=](const caf::error& why) { report(failure(why)); });
  }};
}

struct load_state {
  std::vector<user_request> requests;
  size_t next = 0;
  load_report report = {};
  caf::response_promise promise = {};
};

} // namespace

caf::behavior shop_service(caf::event_based_actor* self) {
  return {
    [=](const user_request& what) {
      self->delayed_send(self, what.work,
                         work_done{what, self->make_response_promise()});
      return caf::delegated<std::string>{};
    },
    [=](work_done& it) {
      const auto& what = it.request;
      if (what.fails)
        it.promise.deliver(caf::make_error(caf::sec::runtime_error,
                                           "Service error in " + what.type));
      else
        it.promise.deliver("Processed " + what.type + " for user " + what.user);
    },
  };
}

caf::behavior load_test(caf::event_based_actor* self,
                        const std::map<std::string, caf::actor>& gates,
                        const std::vector<user_request>& requests,
                        size_t clients) {
  auto it = std::make_shared<load_state>(load_state{requests});
  return {
    [=](run_load) {
      it->promise = self->make_response_promise();
      for (size_t i = 0; i < clients; ++i)
        self->spawn(load_client, self, gates);
      return caf::delegated<load_report>{};
    },
    [=](next_request) {
      if (it->next < it->requests.size())
        self->send(caf::actor_cast<caf::actor>(self->current_sender()),
                   it->requests[it->next++]);
    },
    [=](const user_result& what) {
      it->report.results.push_back(what);
      if (it->report.results.size() == it->requests.size())
        it->promise.deliver(it->report);
    },
  };
}

} // namespace compartments
