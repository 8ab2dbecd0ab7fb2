cmake_policy(VERSION 3.21)

# Which headers are installed: all that are public, that is outside a `detail/`,
# and what these include.

# bulwark_header_closure(<variable> <root> <floor>...)
#
# Sets <variable> to the headers of the floors that users can see, as paths
# from the floors' include roots.
function(bulwark_header_closure variable root)
  set(seen "")
  set(todo "")
  foreach(floor IN LISTS ARGN)
    file(GLOB_RECURSE found RELATIVE "${root}/${floor}"
         "${root}/${floor}/bulwark/*.hpp")
    list(FILTER found EXCLUDE REGEX "/detail/")
    list(APPEND todo ${found})
  endforeach()
  while(todo)
    list(POP_FRONT todo header)
    if(header IN_LIST seen)
      continue()
    endif()
    list(APPEND seen "${header}")
    foreach(floor IN LISTS ARGN)
      if(EXISTS "${root}/${floor}/${header}")
        file(STRINGS "${root}/${floor}/${header}" lines
             REGEX "^#include <bulwark/")
        foreach(line IN LISTS lines)
          string(REGEX REPLACE "^#include <([^>]+)>.*" "\\1" next "${line}")
          list(APPEND todo "${next}")
        endforeach()
      endif()
    endforeach()
  endwhile()
  list(SORT seen)
  set(${variable} "${seen}" PARENT_SCOPE)
endfunction()

# When run as a script: prints how many headers a program sees.
# cmake -D ROOT=<tree> -P BulwarkHeaders.cmake
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  bulwark_header_closure(headers "${ROOT}" core actors runtime)
  list(LENGTH headers count)
  message("${count} headers are installed")
endif()
