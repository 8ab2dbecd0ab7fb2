#include "front/front_actor.hpp"

#include "front/answer.hpp"
#include "services/gate_error.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/calls/call_options.hpp>

#include <caf/actor_system.hpp>
#include <caf/sec.hpp>

namespace storefront {

namespace {

bulwark::time_point now() {
  return std::chrono::steady_clock::now();
}

void answer(const front_job& job, const api_reply& reply) {
  job.respond(to_response(job.service, reply, now() - job.received));
}

void answer(const front_job& job, const caf::error& why) {
  answer(job,
         api_reply{status_of(why), error_body(words_for(why, job.service))});
}

/// A service that obeyed cannot answer: the gate says that it crashed.
void answer_crash(const front_job& job, const caf::error& why) {
  using bulwark::errc;
  if (why == caf::sec::unexpected_message)
    return job.respond(error_response(404, "its node has no chaos"));
  if (bulwark::code_of(why, errc::timed_out) != errc::service_crashed)
    return answer(job, why);
  answer(job, api_reply{200, R"({"crashed":true})"});
}

} // namespace

caf::behavior front_actor(caf::event_based_actor* self) {
  // Whatever strays in here must not end it.
  self->set_default_handler(caf::drop);
  self->set_error_handler([](const caf::error&) {});
  self->set_down_handler([](const caf::down_msg&) {});
  return {
    [self](const front_call& x) {
      self
        ->request(x.job.gate, caf::infinite,
                  bulwark::call_options{.tenant = x.job.client}, x.call)
        .then([job = x.job](const api_reply& reply) { answer(job, reply); },
              [job = x.job](const caf::error& why) { answer(job, why); });
    },
    [self](const front_crash& x) {
      self
        ->request(x.job.gate, caf::infinite, chaos_crash{"asked for over HTTP"})
        .then(
          [job = x.job] {
            answer(job, api_reply{200, R"({})"});
          },
          [job = x.job](const caf::error& why) { answer_crash(job, why); });
    },
  };
}

} // namespace storefront
