# Generates the C++ of schemas/thrift/*.thrift into the build tree and makes tongban::wire of it.
# Included as <tongban_wire/...>; system headers, so that our warnings stay ours.
find_program(THRIFT_COMPILER thrift REQUIRED)
find_library(THRIFT_LIBRARY thrift REQUIRED)
set(wire_dir ${PROJECT_BINARY_DIR}/wire/tongban_wire)
set(wire_idl ${PROJECT_SOURCE_DIR}/schemas/thrift/tongban.thrift)
set(wire_cpp
  ${wire_dir}/tongban_constants.cpp
  ${wire_dir}/tongban_types.cpp
  ${wire_dir}/HubGateway.cpp
  ${wire_dir}/ConnectorGateway.cpp
  ${wire_dir}/AuditGateway.cpp
  ${wire_dir}/CaseGateway.cpp)
add_custom_command(
  OUTPUT ${wire_cpp}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${wire_dir}
  COMMAND ${THRIFT_COMPILER} --gen cpp:moveable_types,no_skeleton -out ${wire_dir} ${wire_idl}
  DEPENDS ${wire_idl}
  COMMENT "thrift: tongban.thrift")
add_library(tongban_wire STATIC ${wire_cpp})
add_library(tongban::wire ALIAS tongban_wire)
target_compile_features(tongban_wire PUBLIC cxx_std_20)
target_include_directories(tongban_wire SYSTEM PUBLIC ${PROJECT_BINARY_DIR}/wire)
target_link_libraries(tongban_wire PUBLIC ${THRIFT_LIBRARY} OpenSSL::SSL OpenSSL::Crypto)
if(TONGBAN_SANITIZE)
  target_compile_options(tongban_wire PRIVATE -fsanitize=${TONGBAN_SANITIZE} -fno-omit-frame-pointer)
endif()
if(TONGBAN_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")  # for whoever includes Thrift's inline code
  target_compile_options(tongban_wire PUBLIC -fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/sanitizer_ignore.txt)
endif()
