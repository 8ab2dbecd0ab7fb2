#pragma once

#include <caf/detail/dynamic_message_data.hpp>
#include <caf/detail/type_erased_value_impl.hpp>
#include <caf/error.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/message.hpp>
#include <caf/serializer.hpp>

#include <memory>
#include <utility>

namespace bulwark::detail {

/// A value in a message that knows whether somebody looks at it. CAF looks at
/// a value only for a handler that takes its type.
template <class T, class Watch>
class watched_value final : public caf::detail::type_erased_value_impl<T> {
public:
  using super = caf::detail::type_erased_value_impl<T>;

  watched_value(T what, T otherwise, std::shared_ptr<Watch> watch)
    : super(std::move(what)),
      otherwise_(std::move(otherwise)),
      watch_(std::move(watch)) {}

  void* get_mutable() override {
    return watch_->read() ? super::get_mutable() : &otherwise_;
  }

  const void* get() const override {
    return watch_->read() ? super::get() : &otherwise_;
  }

  caf::error save(caf::serializer& sink) const override {
    auto sent = *static_cast<const T*>(get());
    return sink(sent);
  }

  caf::type_erased_value_ptr copy() const override {
    return caf::type_erased_value_ptr{new watched_value(
      *static_cast<const T*>(super::get()), otherwise_, watch_)};
  }

private:
  T otherwise_;
  std::shared_ptr<Watch> watch_;
};

/// Returns a message of one value. Each time a handler reads it, and on its way
/// to another node, `watch->read()` is asked: the handler finds `what` if that
/// is true, else `otherwise`. All copies of the message share `watch`, which
/// ends with the last one.
///
/// @pre `Watch::read` is safe to call from any thread
template <class T, class Watch>
caf::message make_watched_message(T what, T otherwise,
                                  std::shared_ptr<Watch> watch) {
  using caf::detail::dynamic_message_data;
  using caf::detail::message_data;
  dynamic_message_data::elements content;
  content.emplace_back(new watched_value<T, Watch>(
    std::move(what), std::move(otherwise), std::move(watch)));
  caf::intrusive_ptr<message_data> all{
    new dynamic_message_data(std::move(content)), false};
  return caf::message{message_data::cow_ptr{std::move(all)}};
}

} // namespace bulwark::detail
