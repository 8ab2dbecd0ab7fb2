# cmake --install: headers, static libraries, and a CMake package.

include(CMakePackageConfigHelpers)
set(bulwark_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/bulwark")

install(TARGETS bulwark bulwark_core bulwark_actors bulwark_runtime
        EXPORT bulwarkTargets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
# What stands on a database has an export set of its own, so that the package
# works without it.
foreach(database IN ITEMS journal postgres sqlite)
  if(TARGET bulwark_${database})
    install(TARGETS bulwark_${database} EXPORT bulwark_${database}
            ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
    install(EXPORT bulwark_${database} NAMESPACE bulwark::
            DESTINATION "${bulwark_package_dir}")
  endif()
endforeach()
install(EXPORT bulwarkTargets NAMESPACE bulwark::
        DESTINATION "${bulwark_package_dir}")
foreach(floor IN ITEMS core actors runtime)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/${floor}/bulwark"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
          FILES_MATCHING PATTERN "*.hpp")
endforeach()

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
