#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/journal_files.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

namespace fs = std::filesystem;

namespace bulwark::program {

std::vector<fs::path> find_journals(const std::vector<std::string>& folders) {
  std::vector<fs::path> result;
  for (const auto& folder : folders) {
    std::error_code failure;
    auto before = result.size();
    for (const auto& each : fs::directory_iterator{folder, failure})
      if (each.path().extension() == ".journal")
        result.push_back(each.path());
    if (failure)
      throw config_error{"--data is " + bulwark::quoted(folder)
                         + "; it cannot be read: " + failure.message()};
    if (result.size() == before)
      throw config_error{"--data is " + bulwark::quoted(folder)
                         + "; it holds no journal, which nodes write with "
                           "--data=DIR or --journal=full"};
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

merged_journals::merged_journals(const std::vector<fs::path>& paths) {
  for (const auto& path : paths) {
    auto reader = std::make_unique<journal_reader>(path);
    auto cursor = reader->in_ledger_order();
    sources_.push_back({std::move(reader), std::move(cursor), {}});
    fill(sources_.back());
  }
}

void merged_journals::fill(source& from) {
  if (!from.waiting.empty())
    return;
  auto more = from.cursor.next();
  from.waiting.assign(std::make_move_iterator(more.begin()),
                      std::make_move_iterator(more.end()));
}

std::optional<event> merged_journals::next() {
  auto place = [](const event& what) {
    return std::tuple{ledger_time(what), std::string_view{what.node}, what.boot,
                      what.sequence};
  };
  source* first = nullptr;
  for (auto& each : sources_)
    if (!each.waiting.empty()
        && (first == nullptr
            || place(each.waiting.front()) < place(first->waiting.front())))
      first = &each;
  if (first == nullptr)
    return std::nullopt;
  auto result = std::move(first->waiting.front());
  first->waiting.pop_front();
  fill(*first);
  return result;
}

void merged_journals::tell_removed(ledger& known) const {
  for (const auto& each : sources_)
    for (const auto& gone : each.reader->removed())
      known.removed(gone.node, gone.boot, gone.from, gone.to);
}

uint64_t merged_journals::skipped() const noexcept {
  uint64_t result = 0;
  for (const auto& each : sources_)
    result += each.cursor.skipped();
  return result;
}

} // namespace bulwark::program
