#include <bulwark/supervisor/detail/child_table.hpp>

#include <charconv>
#include <utility>

namespace bulwark::detail {

namespace {

/// Returns what follows the last `#`, where that is a number as it is written.
std::optional<child_key> number_in(std::string_view id) {
  auto at = id.rfind('#');
  if (at == std::string_view::npos)
    return std::nullopt;
  auto digits = id.substr(at + 1);
  child_key result = 0;
  auto [end, wrong] =
    std::from_chars(digits.data(), digits.data() + digits.size(), result);
  if (wrong != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return result;
}

} // namespace

void child_table::add(child_key key, std::string id,
                      std::shared_ptr<const child_spec> spec) {
  auto added = all_.emplace_back(key);
  added->second.id = std::move(id);
  added->second.spec = std::move(spec);
  if (number_in(added->second.id) != key)
    by_id_.insert(&*added);
}

void child_table::erase(map::const_iterator who) {
  if (who->second.state == child_state::up)
    --up_;
  if (number_in(who->second.id) != who->first)
    by_id_.erase(&*who);
  all_.erase(who);
}

void child_table::clear() {
  by_id_.clear();
  all_.clear();
  up_ = 0;
}

std::optional<child_key> child_table::key_of(std::string_view id) const {
  auto named = by_id_.empty() ? by_id_.end() : by_id_.find(id);
  if (named != by_id_.end())
    return (*named)->first;
  auto it = find(number_in(id).value_or(0));
  if (it == all_.end() || it->second.id != id)
    return std::nullopt;
  return it->first;
}

void child_table::enter(child_record& who, child_state state,
                        const caf::error& reason, child_next next) {
  if (who.state == child_state::up)
    --up_;
  if (state == child_state::up)
    ++up_;
  detail::enter(who, state, reason, next);
}

} // namespace bulwark::detail
