#pragma once

#include <bulwark/http/message.hpp>

#include <array>
#include <optional>
#include <string_view>

namespace bulwark::detail {

/// One of the files that the page is made of, as they stand in `page/`: they
/// are compiled in as they are.
struct page_file {
  std::string_view path;
  std::string_view content_type;
  std::string_view text;
};

/// All of them; made by runtime/CMakeLists.txt.
extern const std::array<page_file, 6> page_files;

/// Returns the answer, or nothing where there is no such file. A browser may
/// load nothing from anywhere else, nor show it within another page.
std::optional<http_response> page_answer(std::string_view path);

} // namespace bulwark::detail
