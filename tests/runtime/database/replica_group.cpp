#include "runtime/database/replica_group.hpp"

#include <utility>

using namespace bulwark;

namespace test {

replica_group::replica_group(replication_options options)
  : options_(std::move(options)), members_(options_.members.size()) {
  for (size_t i = 0; i < members_.size(); ++i)
    start(i);
}

replication_options replica_group::options_of(size_t members) {
  replication_options result;
  for (size_t i = 0; i < members; ++i)
    result.members.push_back(std::string{static_cast<char>('a' + i)});
  result.acknowledgements = members > 1 ? 1 : 0;
  return result;
}

std::filesystem::path replica_group::file_of(size_t which) const {
  return folder_.path() / (options_.members[which] + ".db");
}

void replica_group::start(size_t which) {
  members_[which].reset();
  members_[which] =
    std::make_unique<sqlite_replica>(file_of(which), options_, which);
}

detail::promotion_verdict replica_group::promote(size_t which, bool forced) {
  auto epoch = at(which).begin_attempt();
  for (size_t i = 0; i < members_.size(); ++i)
    if (i != which && is_up(i))
      at(which).on_told(i, epoch, at(i).ask(epoch));
  auto verdict = at(which).lead(forced);
  if (verdict == detail::promotion_verdict::lead)
    spread(which);
  return verdict;
}

std::string replica_group::write(size_t primary, const std::string& sql,
                                 const std::string& request) {
  auto result = at(primary).write({request, {{sql}}});
  spread(primary);
  return result.answer;
}

std::string replica_group::change_schema(size_t primary,
                                         const std::string& sql) {
  auto result = at(primary).write({"", {{sql}}, true});
  spread(primary);
  return result.answer;
}

std::string replica_group::fault(size_t primary, const write_request& request) {
  try {
    at(primary).write(request);
  } catch (const replica_error& e) {
    return to_string(e.kind()) + ": " + e.what();
  }
  return "";
}

void replica_group::spread(size_t primary) {
  for (size_t i = 0; i < members_.size(); ++i)
    if (i != primary && is_up(i) && at(primary).leads() > 0)
      spread(primary, i);
}

void replica_group::spread(size_t primary, size_t other) {
  std::optional<replica_shipment> next = at(primary).newest();
  while (next)
    next = at(primary).on_answer(other, next->epoch, at(other).take(*next));
}

std::string replica_group::read(size_t which, const std::string& sql) {
  return at(which).read({sql}).answer;
}

} // namespace test
