#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/end_watch.hpp>

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/attachable.hpp>
#include <caf/exit_reason.hpp>

#include <memory>
#include <utility>

namespace bulwark::detail {

namespace {

/// Names a watcher to `attachable::matches`. CAF 0.17 uses the numbers up to 3.
struct watcher_token {
  static constexpr size_t token_type = 0xB0117A2C;

  caf::actor_addr watcher;
};

void tell(const caf::actor_addr& watcher, caf::actor_addr who,
          const caf::error& reason, run_context on) {
  post(watcher, on, actor_ended{std::move(who), reason});
}

class end_watch : public caf::attachable {
public:
  end_watch(caf::actor_addr who, caf::actor_addr watcher)
    : who_(std::move(who)), watcher_(std::move(watcher)) {}

  void actor_exited(const caf::error& reason,
                    caf::execution_unit* eu) override {
    tell(watcher_, who_, reason, eu);
  }

  bool matches(const token& what) override {
    return what.subtype == watcher_token::token_type
           && static_cast<const watcher_token*>(what.ptr)->watcher == watcher_;
  }

private:
  caf::actor_addr who_;
  caf::actor_addr watcher_;
};

} // namespace

void watch_end(const caf::actor_addr& who, const caf::actor_addr& watcher) {
  auto handle = caf::actor_cast<caf::strong_actor_ptr>(who);
  if (!handle)
    return tell(watcher, who, caf::exit_reason::unknown, nullptr);
  handle->get()->attach(std::make_unique<end_watch>(who, watcher));
}

void unwatch_end(const caf::actor_addr& who, const caf::actor_addr& watcher) {
  if (auto handle = caf::actor_cast<caf::strong_actor_ptr>(who))
    handle->get()->detach(watcher_token{watcher});
}

void on_end(const caf::strong_actor_ptr& who,
            std::function<void(const caf::error&, run_context)> then) {
  who->get()->attach_functor(
    [then = std::move(then)](const caf::error& reason,
                             caf::execution_unit* eu) { then(reason, eu); });
}

} // namespace bulwark::detail
