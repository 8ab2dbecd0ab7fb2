#pragma once

#include <bulwark/journal/detail/sqlite_handle.hpp>

#include <filesystem>
#include <string>

namespace bulwark::detail {

/// The format's version, 1000 x major + minor. A reader understands all
/// versions up to its own major one.
inline constexpr int64_t journal_version = 1'000;

/// What marks a file of SQLite as a journal: "BWJL".
inline constexpr int64_t journal_application = 0x42574a4c;

/// Returns whether the file has a journal in it; it has none when it is new.
/// @throws journal_error when it is something else, or of a newer version
/// @throws sqlite_fault
bool has_journal(const sqlite_handle& in, const std::filesystem::path& path);

/// Makes the tables, all or none. @throws sqlite_fault
void make_journal(sqlite_handle& in);

} // namespace bulwark::detail
