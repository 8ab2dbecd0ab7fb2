#include <bulwark/dead_letters/detail/dead_letter_store.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

size_t bytes_of(const kept_letter& what) {
  return what.letter.kept ? what.letter.size : 0;
}

} // namespace

void dead_letter_store::add(kept_letter what) {
  if (what.letter.size > bytes_max_)
    what.letter.kept = false;
  if (!what.letter.kept)
    what.message.content = {};
  bytes_ += bytes_of(what);
  auto behind = std::upper_bound(
    all_.begin(), all_.end(), what.letter.id,
    [](uint64_t id, const kept_letter& each) { return id < each.letter.id; });
  all_.insert(behind, std::move(what));
  while (all_.size() > letters_max_ || bytes_ > bytes_max_)
    forget_oldest();
}

void dead_letter_store::forget_oldest() {
  bytes_ -= bytes_of(all_.front());
  all_.pop_front();
  ++forgotten_;
}

double dead_letter_store::used_percent() const noexcept {
  auto share = [](size_t used, size_t most) {
    return static_cast<double>(used)
           / static_cast<double>(std::max<size_t>(most, 1));
  };
  return 100
         * std::max(share(all_.size(), letters_max_),
                    share(bytes_, bytes_max_));
}

dead_letter_store::letters::const_iterator
dead_letter_store::at(uint64_t id) const {
  auto it = std::lower_bound(
    all_.begin(), all_.end(), id,
    [](const kept_letter& a, uint64_t b) { return a.letter.id < b; });
  return it != all_.end() && it->letter.id == id ? it : all_.end();
}

const kept_letter* dead_letter_store::find(uint64_t id) const {
  auto it = at(id);
  return it != all_.end() ? &*it : nullptr;
}

std::optional<kept_letter> dead_letter_store::take(uint64_t id) {
  auto it = at(id);
  if (it == all_.end())
    return std::nullopt;
  auto place = all_.begin() + (it - all_.cbegin());
  auto result = std::move(*place);
  bytes_ -= bytes_of(result);
  all_.erase(place);
  return result;
}

dead_letter_list
dead_letter_store::list(const dead_letters_request& what) const {
  dead_letter_list result;
  result.kept = all_.size();
  result.forgotten = forgotten_;
  for (const auto& [letter, message] : all_) {
    if (result.letters.size() >= what.max)
      break;
    if (letter.id > what.after
        && (what.service.empty() || letter.service == what.service))
      result.letters.push_back(letter);
  }
  return result;
}

} // namespace bulwark::detail
