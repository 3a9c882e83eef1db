# SPDX-License-Identifier: Apache-2.0 OR MIT
# The trawl command, from cli/**.cpp.
file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/cli/*.cpp")
set(TRAWL_COMMAND "${PROJECT_BINARY_DIR}/bin/trawl")
if(sources)
  if(NOT TRAWL_FMT_INCLUDE OR NOT TRAWL_CLI11_INCLUDE)
    message(FATAL_ERROR "The trawl command needs the headers of {fmt} and CLI11 (libfmt-dev libcli11-dev; tools/install-packages build)."
      " -DTRAWL_CLI=OFF builds the library alone.")
  endif()
  add_executable(trawl_cli ${sources})
  set_target_properties(trawl_cli PROPERTIES OUTPUT_NAME trawl)
  target_include_directories(trawl_cli PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(trawl_cli PRIVATE trawl::trawl trawl_fmt trawl_cli11)
  trawl_own_code(trawl_cli)
  install(TARGETS trawl_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  # In a cross build tests run the command through this, so that they need not know of the emulator.
  if(CMAKE_CROSSCOMPILING_EMULATOR)
    set(TRAWL_COMMAND "${PROJECT_BINARY_DIR}/trawl-emulated")
    list(JOIN CMAKE_CROSSCOMPILING_EMULATOR " " emulator)
    file(WRITE "${TRAWL_COMMAND}" "#!/bin/sh\nexec ${emulator} \"${PROJECT_BINARY_DIR}/bin/trawl\" \"$@\"\n")
    file(CHMOD "${TRAWL_COMMAND}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  endif()
endif()
