# Looks for the clients of databases. Gives, where they are there, the target
# PkgConfig::LIBPQXX and the targets SQLiteCpp and SQLite::SQLite3. Installed
# beside bulwarkConfig.cmake as well.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(LIBPQXX QUIET IMPORTED_TARGET GLOBAL libpqxx>=6.4)
endif()
find_package(SQLite3 QUIET)
if(SQLite3_FOUND)
  find_package(SQLiteCpp QUIET)
endif()
