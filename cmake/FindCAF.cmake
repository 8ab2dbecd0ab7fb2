# Finds the C++ Actor Framework, which Debian packages without a CMake file.
#
# Components: core (always), io, openssl. Targets: CAF::core, CAF::io,
# CAF::openssl. Variables: CAF_FOUND, CAF_VERSION. Input: CAF_ROOT, a prefix
# to look in before the system's.

find_package(Threads QUIET)

find_path(CAF_INCLUDE_DIR NAMES caf/config.hpp HINTS "${CAF_ROOT}"
          PATH_SUFFIXES include)
mark_as_advanced(CAF_INCLUDE_DIR)

# CAF_VERSION is major * 10000 + minor * 100 + patch.
if(CAF_INCLUDE_DIR)
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line
       REGEX "#define CAF_VERSION [0-9]+")
  string(REGEX REPLACE ".*CAF_VERSION ([0-9]+).*" "\\1" _caf_number
                       "${_caf_line}")
  math(EXPR _caf_major "${_caf_number} / 10000")
  math(EXPR _caf_minor "${_caf_number} / 100 % 100")
  math(EXPR _caf_patch "${_caf_number} % 100")
  set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")
endif()

set(_caf_components core ${CAF_FIND_COMPONENTS})
list(REMOVE_DUPLICATES _caf_components)
foreach(_caf_name IN LISTS _caf_components)
  find_library(CAF_${_caf_name}_LIBRARY NAMES caf_${_caf_name}
               HINTS "${CAF_ROOT}" PATH_SUFFIXES lib)
  mark_as_advanced(CAF_${_caf_name}_LIBRARY)
  if(CAF_${_caf_name}_LIBRARY)
    set(CAF_${_caf_name}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  CAF REQUIRED_VARS CAF_core_LIBRARY CAF_INCLUDE_DIR Threads_FOUND
  VERSION_VAR CAF_VERSION HANDLE_COMPONENTS)

if(CAF_FOUND)
  foreach(_caf_name IN LISTS _caf_components)
    if(CAF_${_caf_name}_FOUND AND NOT TARGET CAF::${_caf_name})
      add_library(CAF::${_caf_name} UNKNOWN IMPORTED)
      set_target_properties(
        CAF::${_caf_name} PROPERTIES
        IMPORTED_LOCATION "${CAF_${_caf_name}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
      if(_caf_name STREQUAL "core")
        target_link_libraries(CAF::core INTERFACE Threads::Threads)
      else()
        target_link_libraries(CAF::${_caf_name} INTERFACE CAF::core)
      endif()
    endif()
  endforeach()
endif()
