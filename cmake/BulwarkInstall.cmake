# cmake --install: headers, static libraries, and a CMake package.

include(CMakePackageConfigHelpers)
set(bulwark_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")

# Two export sets, so that a program with an actor system of its own needs
# neither Boost nor CAF's network.
install(TARGETS bulwark_core bulwark_actors bulwark_testing
        EXPORT bulwark_actors
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(TARGETS bulwark bulwark_runtime bulwark_journal EXPORT bulwark_runtime
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(TARGETS bulwark_command DESTINATION "${CMAKE_INSTALL_BINDIR}")
# Databases in an export set each, so that the package works without them.
foreach(database IN ITEMS postgres sqlite)
  if(TARGET bulwark_${database})
    install(TARGETS bulwark_${database} EXPORT bulwark_${database}
            ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT bulwark_${database} NAMESPACE bulwark::
            DESTINATION "${bulwark_package_dir}")
  endif()
endforeach()
foreach(part IN ITEMS actors runtime)
  install(EXPORT bulwark_${part} NAMESPACE bulwark::
          DESTINATION "${bulwark_package_dir}")
endforeach()
# At the time of the install, because headers come and go between two runs of
# CMake.
install(CODE "
  include(\"${PROJECT_SOURCE_DIR}/cmake/BulwarkHeaders.cmake\")
  bulwark_header_closure(headers \"${PROJECT_SOURCE_DIR}\" core actors runtime)
  foreach(header IN LISTS headers)
    get_filename_component(folder \"\${header}\" DIRECTORY)
    foreach(floor IN ITEMS core actors runtime)
      set(file \"${PROJECT_SOURCE_DIR}/\${floor}/\${header}\")
      if(EXISTS \"\${file}\")
        file(INSTALL \"\${file}\" DESTINATION
             \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR}/\${folder}\")
      endif()
    endforeach()
  endforeach()")

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/bulwarkConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/bulwarkConfig.cmake"
  INSTALL_DESTINATION "${bulwark_package_dir}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/bulwarkConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/bulwarkConfig.cmake"
              "${PROJECT_BINARY_DIR}/bulwarkConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/BulwarkDatabases.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/FindCAF.cmake"
        DESTINATION "${bulwark_package_dir}")
