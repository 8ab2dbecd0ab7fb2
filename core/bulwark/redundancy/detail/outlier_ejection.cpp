#include <bulwark/redundancy/detail/median.hpp>
#include <bulwark/redundancy/detail/outlier_ejection.hpp>

#include <algorithm>

namespace bulwark {

void outlier_ejection::declare(size_t members) {
  while (members_.size() < members)
    members_.emplace_back(options_.window);
}

size_t outlier_ejection::ejected() const noexcept {
  return static_cast<size_t>(
    std::count_if(members_.begin(), members_.end(), [](const auto& each) {
      return each.ejected_until.has_value();
    }));
}

size_t outlier_ejection::members_up() const noexcept {
  return static_cast<size_t>(
    std::count_if(members_.begin(), members_.end(),
                  [](const auto& each) { return each.up; }));
}

/// How many may be ejected at once.
size_t outlier_ejection::allowed() const noexcept {
  auto up = members_up();
  auto share =
    static_cast<size_t>(options_.share_max * static_cast<double>(up));
  return up == 0 ? 0 : std::min(share, up - 1);
}

bool outlier_ejection::panics() const noexcept {
  auto out = ejected();
  auto usable = static_cast<double>(members_up() - out);
  return out > 0
         && usable
              < options_.panic_below * static_cast<double>(members_.size());
}

/// One ejection less for each window that it has been in use since it came.
void outlier_ejection::forgive(member_record& which,
                               time_point now) const noexcept {
  if (!which.up || which.ejected_until)
    return;
  auto windows = (now - which.since) / options_.window;
  which.times -= static_cast<uint32_t>(std::min<int64_t>(windows, which.times));
}

void outlier_ejection::begin(member_record& which, time_point now) {
  which.since = now;
  which.ejected_until.reset();
  which.errors_in_row = 0;
  which.answers.clear();
}

void outlier_ejection::up(size_t member, time_point now) {
  forgive(members_[member], now);
  members_[member].up = true;
  begin(members_[member], now);
}

outlier_ejection::changes outlier_ejection::down(size_t member,
                                                 time_point now) {
  forgive(members_[member], now);
  members_[member].up = false;
  members_[member].ejected_until.reset();
  changes result;
  while (ejected() > allowed()) {
    auto first = std::min_element(
      members_.begin(), members_.end(), [](const auto& a, const auto& b) {
        return a.ejected_until.value_or(time_point::max())
               < b.ejected_until.value_or(time_point::max());
      });
    result.push_back(
      give_back(static_cast<size_t>(first - members_.begin()), now));
  }
  return result;
}

ejection_change outlier_ejection::give_back(size_t which, time_point now) {
  begin(members_[which], now);
  ejection_change result;
  result.member = which;
  return result;
}

outlier_ejection::changes outlier_ejection::wake(time_point now) {
  changes result;
  for (size_t i = 0; i < members_.size(); ++i)
    if (auto until = members_[i].ejected_until; until && *until <= now)
      result.push_back(give_back(i, now));
  return result;
}

time_point outlier_ejection::next() const noexcept {
  auto result = time_point::max();
  for (const auto& each : members_)
    result = std::min(result, each.ejected_until.value_or(result));
  return result;
}

std::optional<ejection_change>
outlier_ejection::answered(size_t member, const answer& how, time_point now) {
  auto& it = members_[member];
  if (!it.up || it.ejected_until || how.began < it.since
      || (how.how == ending::own_error && options_.own == own_errors::never))
    return std::nullopt;
  if (how.how != ending::value) {
    ++it.errors_in_row;
    it.answers.error(now);
  } else {
    it.errors_in_row = 0;
    it.answers.value(how.took, now);
  }
  auto why = fault(member, how, now);
  if (!why || ejected() + 1 > allowed())
    return std::nullopt;
  return eject(member, *why, now);
}

/// Only what an answer makes worse is looked at: errors after an error, the
/// latency after an answer that took long.
std::optional<ejection_cause>
outlier_ejection::fault(size_t which, const answer& how, time_point now) {
  auto& it = members_[which];
  if (how.how == ending::value)
    return options_.latency_members > 0 && how.took > options_.latency_above
               && too_slow(which, now)
             ? std::optional{ejection_cause::latency}
             : std::nullopt;
  if (how.how == ending::own_error && options_.own == own_errors::compared
      && !worse_than_others(which, now))
    return std::nullopt;
  // Not only at the limit: answers that were under way come after it.
  if (it.errors_in_row >= options_.errors_in_row)
    return ejection_cause::errors_in_row;
  const auto& all = it.answers.read(now);
  auto answers = static_cast<double>(all.answers());
  if (all.answers() >= options_.error_answers
      && static_cast<double>(all.errors) >= options_.error_share * answers)
    return ejection_cause::error_share;
  return std::nullopt;
}

/// Whether the others answer the same clients with far fewer errors.
bool outlier_ejection::worse_than_others(size_t which, time_point now) {
  const auto& own = members_[which].answers.read(now);
  uint64_t answers = 0;
  uint64_t errors = 0;
  for (size_t i = 0; i < members_.size(); ++i) {
    if (i == which || !members_[i].up || members_[i].ejected_until)
      continue;
    const auto& all = members_[i].answers.read(now);
    answers += all.answers();
    errors += all.errors;
  }
  // errors / answers <= own.errors / own.answers / 2
  return answers >= options_.errors_in_row
         && 2 * errors * own.answers() <= own.errors * answers;
}

bool outlier_ejection::too_slow(size_t which, time_point now) {
  std::vector<duration> others;
  duration own{};
  for (size_t i = 0; i < members_.size(); ++i) {
    auto& it = members_[i];
    const auto& all = it.answers.read(now);
    if (!it.up || it.ejected_until || all.values == 0
        || all.answers() < options_.latency_answers)
      continue;
    if (i == which)
      own = all.mean();
    else
      others.push_back(all.mean());
  }
  if (own == duration::zero() || others.empty()
      || others.size() + 1 < options_.latency_members)
    return false;
  auto limit =
    options_.latency_factor * static_cast<double>(median_of(others).count())
    + static_cast<double>(options_.latency_above.count());
  return static_cast<double>(own.count()) > limit;
}

ejection_change outlier_ejection::eject(size_t which, ejection_cause why,
                                        time_point now) {
  auto& it = members_[which];
  forgive(it, now);
  ++it.times;
  auto length = it.times > options_.length_max / options_.length
                  ? options_.length_max
                  : options_.length * it.times;
  it.ejected_until = now + length;
  return {which, true, why, length, it.times};
}

} // namespace bulwark
