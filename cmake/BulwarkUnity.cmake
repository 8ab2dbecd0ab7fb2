# Compiles several test files as one, which halves what compilers do: most of
# it is the same templates once more.
#
# Each file is included into a namespace of its own, so that helpers of the
# same name do not meet. All headers come before, outside of it.

# bulwark_unite(<variable> <folder> <file>...)
#
# Sets <variable> to the sources to compile in place of <file>...: those that
# hold nothing but tests, in groups; the others as they are.
function(bulwark_unite variable folder)
  set(alone "")
  set(together "")
  foreach(file IN LISTS ARGN)
    get_filename_component(path "${file}" ABSOLUTE)
    file(READ "${path}" text)
    # Tests that extend the namespaces of others, or include what is no header.
    if(NOT file MATCHES "\\.test\\.cpp$" OR text MATCHES
       "CAF_ALLOW|CAF_BEGIN|\nnamespace [a-z]|#define|#if|extern \"C\"|CATCH_CONFIG")
      list(APPEND alone "${file}")
    else()
      list(APPEND together "${path}")
    endif()
  endforeach()
  set(group "")
  set(number 0)
  foreach(path IN LISTS together)
    list(APPEND group "${path}")
    list(LENGTH group size)
    if(size EQUAL BULWARK_UNITY_SIZE)
      bulwark_write_unity("${folder}/unity_${number}.cpp" ${group})
      list(APPEND alone "${folder}/unity_${number}.cpp")
      math(EXPR number "${number} + 1")
      set(group "")
    endif()
  endforeach()
  if(group)
    bulwark_write_unity("${folder}/unity_${number}.cpp" ${group})
    list(APPEND alone "${folder}/unity_${number}.cpp")
  endif()
  set(${variable} "${alone}" PARENT_SCOPE)
endfunction()

# bulwark_write_unity(<source> <file>...)
function(bulwark_write_unity source)
  set(headers "")
  set(body "")
  set(number 0)
  foreach(path IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${path}")
    file(STRINGS "${path}" lines REGEX "^#include ")
    list(APPEND headers ${lines})
    string(APPEND body
           "namespace unity_${number} {\n#include \"${path}\"\n}\n")
    math(EXPR number "${number} + 1")
  endforeach()
  list(REMOVE_DUPLICATES headers)
  list(JOIN headers "\n" headers)
  file(CONFIGURE OUTPUT "${source}" CONTENT "${headers}\n${body}" @ONLY)
endfunction()
