#include <bulwark/gate/detail/key_order.hpp>

#include <functional>

namespace bulwark {

uint64_t key_order::hash(std::string_view key) noexcept {
  return std::hash<std::string_view>{}(key);
}

void key_order::enter(message& what, phase next) {
  auto& all = lines_.at(what.key);
  auto waits = [](phase x) { return x == phase::waiting || x == phase::going; };
  auto is_out = [](phase x) { return x == phase::out || x == phase::going; };
  all.waiting += waits(next);
  all.waiting -= waits(what.now);
  all.out += is_out(next);
  all.out -= is_out(what.now);
  what.now = next;
}

void key_order::arrive(pending_id id, uint64_t key) {
  auto [line_at, fresh] = lines_.try_emplace(key);
  try {
    messages_.insert_or_assign(id.value, message{key});
  } catch (...) {
    if (fresh)
      lines_.erase(line_at);
    throw;
  }
  ++line_at->second.known;
}

key_order::place key_order::place_of(pending_id id) const {
  auto it = messages_.find(id.value);
  if (it == messages_.end())
    return {};
  const auto& all = lines_.at(it->second.key);
  place result;
  // One that is out already, and is delegated to its own gate, waits for none.
  result.behind_others = all.waiting > 0 && it->second.now == phase::arrived;
  if (all.out > 0)
    result.slot = all.slot;
  return result;
}

std::optional<uint64_t> key_order::key_of(pending_id id) const {
  auto it = messages_.find(id.value);
  return it == messages_.end() ? std::nullopt : std::optional{it->second.key};
}

void key_order::send_out(pending_id id, uint8_t slot) {
  auto it = messages_.find(id.value);
  if (it == messages_.end())
    return;
  enter(it->second, phase::out);
  lines_.at(it->second.key).slot = slot;
}

void key_order::wait(pending_id id) {
  if (auto it = messages_.find(id.value); it != messages_.end())
    enter(it->second, phase::waiting);
}

bool key_order::go(pending_id id, uint8_t slot) {
  auto it = messages_.find(id.value);
  if (it == messages_.end())
    return true;
  auto& all = lines_.at(it->second.key);
  if (all.out > 0 && all.slot != slot)
    return false;
  all.slot = slot;
  enter(it->second, phase::going);
  return true;
}

void key_order::gone(pending_id id) {
  auto it = messages_.find(id.value);
  if (it != messages_.end() && it->second.now == phase::going)
    enter(it->second, phase::out);
}

void key_order::back(pending_id id) {
  if (auto it = messages_.find(id.value); it != messages_.end())
    enter(it->second, phase::waiting);
}

bool key_order::left(pending_id id) {
  auto it = messages_.find(id.value);
  if (it == messages_.end())
    return false;
  enter(it->second, phase::arrived);
  auto line_at = lines_.find(it->second.key);
  messages_.erase(it);
  auto& all = line_at->second;
  bool others_may_go = all.out == 0 && all.waiting > 0;
  if (--all.known == 0)
    lines_.erase(line_at);
  return others_may_go;
}

} // namespace bulwark
