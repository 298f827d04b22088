# Third-party libraries, all Debian packages; docs/dependencies.md says why each.
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(CURL REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)
pkg_check_modules(LIBXML2 REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(ODBC REQUIRED IMPORTED_TARGET odbc)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)

# What programs that run for months allocate with: a heap of many small values stays as fast as it was on the first day.
# Sanitizers bring their own.
add_library(tongban_allocator INTERFACE)
add_library(tongban::allocator ALIAS tongban_allocator)
if(NOT TONGBAN_SANITIZE)
  target_link_libraries(tongban_allocator INTERFACE PkgConfig::JEMALLOC)
endif()
