#include "simulation/borrower.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <caf/all.hpp>

#include <utility>

namespace test::sim {

namespace {

/// To itself: the work is done.
struct repay {
  caf::actor bulkhead;
  uint64_t permit = 0;
  entry line;
};

} // namespace

} // namespace test::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::repay)

namespace test::sim {

namespace {

class borrower : public caf::event_based_actor {
public:
  borrower(caf::actor_config& config, history* book)
    : event_based_actor(config), book_(*book) {
    set_error_handler([](caf::error&) {});
    set_default_handler(caf::drop);
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const loan_errand& x) { ask(x); },
      [this](const repay& x) { give_back(x); },
    };
  }

private:
  void ask(const loan_errand& x) {
    auto& wanted = x.what->wanted;
    entry line{.what = fact::begged, .cause = x.what};
    book_.add(line);
    bulwark::acquire_permits words{wanted.amount, wanted.priority, wanted.wait};
    caf::duration longest = caf::infinite;
    if (wanted.patience > milliseconds{0})
      longest = caf::duration{wanted.patience};
    request(x.bulkhead, longest, words)
      .then(
        [this, line, to = x.bulkhead](const bulwark::permit& got) mutable {
          line.what = fact::lent;
          line.failed = got.amount != line.cause->wanted.amount;
          book_.add(line);
          delayed_send(this, line.cause->wanted.keeps, repay{to, got.id, line});
        },
        [this, line](caf::error& err) mutable {
          line.what =
            err == caf::sec::request_timeout ? fact::gave_up : fact::unlent;
          line.refused = true;
          line.code = bulwark::code_of(err, bulwark::errc{});
          line.text = bulwark::describe(err);
          book_.add(line);
        });
  }

  void give_back(const repay& x) {
    auto line = x.line;
    line.what = fact::repaid;
    book_.add(line);
    request(x.bulkhead, caf::infinite, bulwark::release_permits{x.permit, 0})
      .then([] {},
            [this, line](caf::error& err) mutable {
              line.refused = true;
              line.code = bulwark::code_of(err, bulwark::errc{});
              book_.add(line);
            });
  }

  history& book_;
};

} // namespace

caf::actor spawn_borrower(caf::actor_system& system, history& book) {
  return system.spawn<borrower>(&book);
}

} // namespace test::sim
