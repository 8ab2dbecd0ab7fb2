# bulwark_embed_page(<target> <folder>)
#
# Compiles the files of the page into the target, as they are: see
# runtime/bulwark/admin/detail/page_file.hpp. When one of them changes, the
# sources are made anew.
function(bulwark_embed_page target folder)
  set(html "text/html; charset=utf-8")
  set(css "text/css; charset=utf-8")
  set(js "text/javascript; charset=utf-8")
  set(text "// Made by cmake/BulwarkPage.cmake.\n"
           "#include <bulwark/admin/detail/page_file.hpp>\n\n"
           "namespace bulwark::detail {\n\n"
           "const std::array<page_file, 6> page_files{{\n")
  string(JOIN "" text ${text})
  foreach(name index.html style.css dom.js model.js nodes.js main.js)
    set(file "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${name}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" content)
    string(REGEX REPLACE ".*[.]" "" kind "${name}")
    if(name STREQUAL "index.html")
      set(path "/")
    else()
      set(path "/page/${name}")
    endif()
    string(APPEND text "  {\"${path}\", \"${${kind}}\", R\"PAGE(${content})PAGE\"},\n")
  endforeach()
  string(APPEND text "}};\n\n} // namespace bulwark::detail\n")
  set(made "${CMAKE_CURRENT_BINARY_DIR}/page_files.cpp")
  set(before "")
  if(EXISTS "${made}")
    file(READ "${made}" before)
  endif()
  if(NOT before STREQUAL text)
    file(WRITE "${made}" "${text}")
  endif()
  target_sources(${target} PRIVATE "${made}")
endfunction()
