#include "simulation/client.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/all.hpp>

#include <map>
#include <set>
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

  /// What comes after the client has given up is noted here: CAF drops it.
  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (what->mid.is_response())
      note_response(*what);
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
  static uint64_t number_of(caf::message_id mid) {
    return mid.request_id().integer_value();
  }

  /// The clock tells in the name of the client that its time is over.
  void note_response(const caf::mailbox_element& what) {
    auto number = number_of(what.mid);
    if (what.sender && what.sender->get() == this) {
      if (heard_.count(number) > 0)
        return;
      auto line = asked_.at(number);
      line.what = fact::forsaken;
      book_.add(line);
      forsaken_.insert(number);
    } else if (!heard_.insert(number).second) {
      book_.add({.what = fact::answered_again});
    } else if (forsaken_.count(number) > 0) {
      note_late(asked_.at(number), what.content());
    }
  }

  void note_late(entry line, const caf::type_erased_tuple& what) {
    if (what.match_elements<job>())
      return note_value(line, what.get_as<job>(0));
    note_error(line, what.match_elements<caf::error>()
                       ? what.get_as<caf::error>(0)
                       : caf::make_error(caf::sec::unexpected_response));
  }

  void note_value(entry line, const job& back) {
    line.failed = back.name.whole() != line.message;
    book_.add(line);
  }

  void note_error(entry line, const caf::error& err) {
    line.refused = true;
    line.code = bulwark::code_of(err, bulwark::errc{});
    line.text = bulwark::describe(err);
    book_.add(line);
  }

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
    auto patience = x.what.what.patience;
    caf::duration longest = caf::infinite;
    if (patience > milliseconds{0})
      longest = caf::duration{patience};
    auto asked = plain ? request(x.gate, longest, x.what)
                       : request(x.gate, longest, call, x.what);
    auto number = number_of(asked.id());
    asked_.emplace(number, line);
    asked.then(
      [=, this](const job& back) {
        if (forsaken_.count(number) == 0)
          note_value(line, back);
      },
      [=, this](caf::error& err) {
        if (forsaken_.count(number) == 0)
          note_error(line, err);
      });
  }

  history& book_;

  // By number of the request: what was asked, what was answered, and what the
  // client waits for no more.
  std::map<uint64_t, entry> asked_;
  std::set<uint64_t> heard_;
  std::set<uint64_t> forsaken_;
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
