# tongban_precompiled(<target> [TEST])
#
# Half of a compilation was the reading of these headers. They are what nearly every source includes anyway; each source still
# includes all that it uses: tools/tidy.py compiles without them and finds what is missing.
option(TONGBAN_PRECOMPILED "Precompile the standard library's and nlohmann's headers" ON)
set(tongban_precompiled_headers
  <algorithm> <array> <atomic> <chrono> <condition_variable> <cstdint> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
  <nlohmann/json.hpp>)
if(TONGBAN_PRECOMPILED)
  file(WRITE ${PROJECT_BINARY_DIR}/precompiled/empty.cpp.in "// Nothing: carries the precompiled headers.\n")
  configure_file(${PROJECT_BINARY_DIR}/precompiled/empty.cpp.in ${PROJECT_BINARY_DIR}/precompiled/empty.cpp COPYONLY)
  add_library(tongban_precompiled_product OBJECT ${PROJECT_BINARY_DIR}/precompiled/empty.cpp)
  target_link_libraries(tongban_precompiled_product PRIVATE tongban::options)
  target_precompile_headers(tongban_precompiled_product PRIVATE ${tongban_precompiled_headers})
  if(BUILD_TESTING)
    add_library(tongban_precompiled_tests OBJECT ${PROJECT_BINARY_DIR}/precompiled/empty.cpp)
    find_package(Boost 1.81 REQUIRED COMPONENTS unit_test_framework)
    target_link_libraries(tongban_precompiled_tests PRIVATE tongban::options Boost::unit_test_framework)
    target_compile_definitions(tongban_precompiled_tests PRIVATE BOOST_TEST_DYN_LINK)
    target_precompile_headers(tongban_precompiled_tests PRIVATE ${tongban_precompiled_headers} <boost/test/unit_test.hpp>)
  endif()
endif()

function(tongban_precompiled target)
  if(NOT TONGBAN_PRECOMPILED)
    return()
  endif()
  if("TEST" IN_LIST ARGN)
    target_precompile_headers(${target} REUSE_FROM tongban_precompiled_tests)
  else()
    target_precompile_headers(${target} REUSE_FROM tongban_precompiled_product)
  endif()
endfunction()
