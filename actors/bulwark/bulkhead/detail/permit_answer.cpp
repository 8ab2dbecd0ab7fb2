#include <bulwark/bulkhead/detail/permit_answer.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/watched_message.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// What all copies of one answer share.
struct envelope {
  envelope(uint64_t its_id, std::shared_ptr<permit_grant> its_grant,
           caf::weak_actor_ptr its_bulkhead)
    : id(its_id),
      grant(std::move(its_grant)),
      bulkhead(std::move(its_bulkhead)) {}

  envelope(const envelope&) = delete;
  envelope& operator=(const envelope&) = delete;

  ~envelope() {
    if (!grant->unread())
      return;
    try {
      post(bulkhead, nullptr, permit_dropped{id});
    } catch (...) {
      // Out of memory: it comes back as one that nobody reads.
    }
  }

  bool read() const noexcept { return grant->read(); }

  const uint64_t id;
  const std::shared_ptr<permit_grant> grant;
  const caf::weak_actor_ptr bulkhead;
};

} // namespace

caf::message make_permit_answer(permit what,
                                std::shared_ptr<permit_grant> grant,
                                caf::weak_actor_ptr bulkhead) {
  auto around =
    std::make_shared<envelope>(what.id, std::move(grant), std::move(bulkhead));
  permit nothing{what.bulkhead, 0, 0};
  return make_watched_message(std::move(what), std::move(nothing),
                              std::move(around));
}

} // namespace bulwark::detail
