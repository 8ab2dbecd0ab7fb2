#include <bulwark/protection/detail/keyed_breakers.hpp>

#include <algorithm>
#include <functional>

namespace bulwark {

namespace {

uint64_t hash_of(std::string_view endpoint) noexcept {
  auto hash = uint64_t{std::hash<std::string_view>{}(endpoint)};
  return hash == 0 ? 1 : hash;
}

size_t whole_groups(size_t places) noexcept {
  constexpr auto size = keyed_breakers::group_size;
  return places < size ? places : (places + size - 1) / size * size;
}

} // namespace

keyed_breakers::keyed_breakers(const breaker_options& options, uint64_t seed)
  : options_(options),
    seed_(seed),
    places_(whole_groups(options.keys_max)),
    group_(std::min(places_, group_size)),
    table_(std::make_unique<place[]>(places_)),
    shared_(options, seed) {}

keyed_breakers::~keyed_breakers() {
  for (size_t i = 0; i < places_; ++i)
    delete table_[i].its.load(std::memory_order_acquire);
}

keyed_breakers::place* keyed_breakers::known(uint64_t hash) noexcept {
  auto* group = &table_[hash % (places_ / group_) * group_];
  for (size_t i = 0; i < group_; ++i)
    if (group[i].hash.load(std::memory_order_acquire) == hash)
      return &group[i];
  return nullptr;
}

bool keyed_breakers::claim(place& which, uint64_t hash, time_point now,
                           verdict& result) {
  auto* its = which.its.load(std::memory_order_acquire);
  if (its == nullptr) {
    auto made = std::make_unique<breaker>(options_, seed_ ^ hash);
    if (!which.its.compare_exchange_strong(its, made.get(),
                                           std::memory_order_acq_rel))
      return false;
    static_cast<void>(made.release());
    which.hash.store(hash, std::memory_order_release);
    return true;
  }
  auto before = which.hash.load(std::memory_order_acquire);
  if (before == 0 || !its->is_clean(now)
      || !which.hash.compare_exchange_strong(before, 0,
                                             std::memory_order_acq_rel))
    return false;
  // Its calls that are under way belong to an earlier period from now on.
  auto change = its->reuse(now);
  which.hash.store(change ? hash : before, std::memory_order_release);
  if (change)
    result.forgot = change;
  return change.has_value();
}

keyed_breakers::place* keyed_breakers::take_place(uint64_t hash, time_point now,
                                                  verdict& result) {
  if (!shared_.is_clean(now))
    return nullptr;
  auto* group = &table_[hash % (places_ / group_) * group_];
  // The upper bits are as good as a random number here.
  auto first = hash >> 32;
  for (auto empty : {true, false})
    for (size_t i = 0; i < group_; ++i) {
      auto& which = group[(first + i) % group_];
      auto made = which.its.load(std::memory_order_acquire) != nullptr;
      if (made != empty && claim(which, hash, now, result))
        return &which;
    }
  return nullptr;
}

keyed_breakers::verdict keyed_breakers::admit(std::string_view endpoint,
                                              time_point now) {
  const auto hash = hash_of(endpoint);
  verdict result{{}, &shared_};
  auto* found = known(hash);
  if (found == nullptr) {
    found = take_place(hash, now, result);
    // Another thread may have brought it in as well: the first place counts.
    if (found != nullptr && !result.forgot)
      found = known(hash);
  }
  if (found != nullptr)
    result.by = found->its.load(std::memory_order_acquire);
  result.said = result.by->admit(now);
  if (found == nullptr || result.said.change
      || found->hash.load(std::memory_order_acquire) == hash)
    return result;
  // It was forgotten meanwhile: this call is not one of the new endpoint.
  if (result.said.admitted)
    result.by->record(result.said.ticket, {.how = call_outcome::ignored}, now);
  result.by = &shared_;
  result.said = shared_.admit(now);
  return result;
}

breaker& keyed_breakers::find(std::string_view endpoint) noexcept {
  auto* found = known(hash_of(endpoint));
  return found == nullptr ? shared_
                          : *found->its.load(std::memory_order_acquire);
}

size_t keyed_breakers::size() const noexcept {
  size_t result = 0;
  for (size_t i = 0; i < places_; ++i)
    result += table_[i].its.load(std::memory_order_acquire) != nullptr ? 1 : 0;
  return result;
}

} // namespace bulwark
