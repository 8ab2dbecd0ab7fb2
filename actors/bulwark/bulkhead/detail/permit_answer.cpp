#include <bulwark/bulkhead/detail/permit_answer.hpp>

#include <caf/actor_cast.hpp>
#include <caf/detail/dynamic_message_data.hpp>
#include <caf/detail/type_erased_value_impl.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message_id.hpp>
#include <caf/serializer.hpp>

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
      if (auto to = caf::actor_cast<caf::strong_actor_ptr>(bulkhead))
        to->get()->eq_impl(caf::make_message_id(), nullptr, nullptr,
                           permit_dropped{id});
    } catch (...) {
      // Out of memory: it comes back as one that nobody reads.
    }
  }

  const uint64_t id;
  const std::shared_ptr<permit_grant> grant;
  const caf::weak_actor_ptr bulkhead;
};

/// A permit that knows whether somebody looks at it. CAF looks at a value only
/// for a handler that takes its type.
class unread_permit final : public caf::detail::type_erased_value_impl<permit> {
public:
  using super = caf::detail::type_erased_value_impl<permit>;

  unread_permit(permit what, std::shared_ptr<envelope> around)
    : super(what), nothing_{what.bulkhead, 0, 0}, around_(std::move(around)) {}

  void* get_mutable() override {
    return around_->grant->read() ? super::get_mutable() : &nothing_;
  }

  const void* get() const override {
    return around_->grant->read() ? super::get() : &nothing_;
  }

  caf::error save(caf::serializer& sink) const override {
    auto sent = *static_cast<const permit*>(get());
    return sink(sent);
  }

  caf::type_erased_value_ptr copy() const override {
    return caf::type_erased_value_ptr{
      new unread_permit(*static_cast<const permit*>(super::get()), around_)};
  }

private:
  permit nothing_;
  std::shared_ptr<envelope> around_;
};

} // namespace

caf::message make_permit_answer(permit what,
                                std::shared_ptr<permit_grant> grant,
                                caf::weak_actor_ptr bulkhead) {
  auto around =
    std::make_shared<envelope>(what.id, std::move(grant), std::move(bulkhead));
  caf::detail::dynamic_message_data::elements content;
  content.emplace_back(new unread_permit(std::move(what), std::move(around)));
  using caf::detail::message_data;
  caf::intrusive_ptr<message_data> all{
    new caf::detail::dynamic_message_data(std::move(content)), false};
  return caf::message{message_data::cow_ptr{std::move(all)}};
}

} // namespace bulwark::detail
