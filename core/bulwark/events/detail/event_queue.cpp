#include <bulwark/events/detail/event_queue.hpp>

#include <algorithm>

namespace bulwark {

size_t size_of(const event& what) noexcept {
  auto result = sizeof(event) + what.component.capacity()
                + what.type_word.capacity() + what.reason.capacity()
                + what.node.capacity();
  for (const auto& [key, value] : what.metadata)
    result += 2 * sizeof(std::string) + key.capacity() + value.capacity();
  return result;
}

event_queue::line& event_queue::line_of(const event& what) {
  return classify(what.kind) == event_class::change ? changes_ : others_;
}

void event_queue::add(event what) {
  bytes_ += size_of(what);
  auto& to = line_of(what);
  to.push_back({end_++, std::move(what)});
  while (size() > bounds_.events_max || bytes_ > bounds_.bytes_max) {
    if (size() == 0)
      return;
    drop_front(changes_.empty() ? others_ : changes_);
  }
}

void event_queue::drop_front(line& from) {
  auto dropped = std::move(from.front().what);
  from.pop_front();
  bytes_ -= size_of(dropped);
  on_drop_(dropped);
}

bool event_queue::has_before(int64_t place) const noexcept {
  return (!changes_.empty() && changes_.front().number < place)
         || (!others_.empty() && others_.front().number < place);
}

event_queue::line& event_queue::oldest() {
  if (changes_.empty())
    return others_;
  if (others_.empty() || changes_.front().number < others_.front().number)
    return changes_;
  return others_;
}

std::vector<event> event_queue::take(size_t max, size_t bytes_max) {
  std::vector<event> result;
  result.reserve(std::min(max, size()));
  size_t bytes = 0;
  while (result.size() < max && size() > 0) {
    auto& from = oldest();
    auto next = size_of(from.front().what);
    if (!result.empty() && bytes + next > bytes_max)
      break;
    bytes += next;
    bytes_ -= next;
    result.push_back(std::move(from.front().what));
    from.pop_front();
  }
  return result;
}

void event_queue::put_back(std::vector<event> taken) {
  for (auto i = taken.rbegin(); i != taken.rend(); ++i) {
    bytes_ += size_of(*i);
    auto& to = line_of(*i);
    to.push_front({--begin_, std::move(*i)});
  }
}

} // namespace bulwark
