#include "simulation/client.hpp"

#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>
#include <bulwark/message_types.hpp>

#include <caf/all.hpp>

#include <map>
#include <utility>

namespace test::sim {

namespace {

class client : public caf::event_based_actor {
public:
  client(caf::actor_config& config, history* book)
    : event_based_actor(config), book_(*book) {
    set_error_handler([](caf::error&) {});
    set_default_handler(caf::drop);
  }

  using event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (what->mid.is_response() && ++responses_[what->mid.integer_value()] > 1)
      book_.add({.what = fact::answered_again});
    event_based_actor::enqueue(std::move(what), eu);
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const errand& x) { run(x); },
      [this](const job& x) {
        // What was sent comes back as its echo.
        book_.add(
          {.what = fact::echoed, .message = x.name, .service = x.service});
      },
    };
  }

private:
  void run(const errand& x) {
    entry line{.what = fact::asked,
               .message = x.what.name,
               .service = x.what.service,
               .request = x.what.what.request,
               .task = x.what.what};
    book_.add(line);
    auto call = call_of(x.what.what);
    auto plain = call == bulwark::call_options{};
    if (!x.what.what.request)
      return plain ? send(x.gate, x.what) : send(x.gate, call, x.what);
    line.what = fact::answered;
    auto asked = plain ? request(x.gate, caf::infinite, x.what)
                       : request(x.gate, caf::infinite, call, x.what);
    asked.then(
      [this, line](const job& back) mutable {
        line.failed = back.name != line.message;
        book_.add(line);
      },
      [this, line](caf::error& err) mutable {
        line.refused = true;
        line.code = bulwark::code_of(err, bulwark::errc{});
        line.text = bulwark::describe(err);
        book_.add(line);
      });
  }

  history& book_;
  std::map<uint64_t, size_t> responses_;
};

class superintendent : public caf::event_based_actor {
public:
  superintendent(caf::actor_config& config, history* book)
    : event_based_actor(config), book_(*book) {
    set_error_handler([](caf::error&) {});
    set_default_handler(caf::drop);
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const order& x) { run(x); },
    };
  }

private:
  void run(const order& x) {
    auto of_node = x.node != none;
    entry line{.what = of_node ? fact::ordered : fact::steered,
               .node = x.node,
               .cause = x.cause};
    book_.add(line);
    line.what = of_node ? fact::obeyed : fact::heeded;
    auto obeyed = [this, line] { book_.add(line); };
    auto refused = [this, line](caf::error& err) mutable {
      line.refused = true;
      line.code = bulwark::code_of(err, bulwark::errc{});
      line.text = bulwark::describe(err);
      book_.add(line);
    };
    auto asked = request(x.whom, caf::infinite, x.what);
    auto starts = x.cause->what == verb::restart || x.cause->what == verb::add;
    if (starts)
      asked.then([=](const bulwark::child_info&) { obeyed(); }, refused);
    else
      asked.then([=] { obeyed(); }, refused);
  }

  history& book_;
};

} // namespace

caf::actor spawn_client(caf::actor_system& system, history& book) {
  return system.spawn<client>(&book);
}

caf::actor spawn_operator(caf::actor_system& system, history& book) {
  return system.spawn<superintendent>(&book);
}

} // namespace test::sim
