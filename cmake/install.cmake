# SPDX-License-Identifier: Apache-2.0 OR MIT
# Headers, libraries, the CMake package and trawl.pc.
include(CMakePackageConfigHelpers)
get_property(TRAWL_ROOMS GLOBAL PROPERTY TRAWL_ROOMS)

list(TRANSFORM TRAWL_ROOMS PREPEND trawl_ OUTPUT_VARIABLE targets)
if(TARGET trawl_shared)
  list(APPEND targets trawl_shared)
endif()
install(TARGETS ${targets} trawl_all EXPORT trawl
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/trawl" "${PROJECT_BINARY_DIR}/include/trawl" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/trawl")
install(EXPORT trawl NAMESPACE trawl:: FILE trawlTargets.cmake DESTINATION ${package})
configure_package_config_file("${PROJECT_SOURCE_DIR}/packaging/trawlConfig.cmake.in" trawlConfig.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(trawlConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/trawlConfig.cmake" "${PROJECT_BINARY_DIR}/trawlConfigVersion.cmake" DESTINATION ${package})

# Archives need the users of a room before the room.
if(BUILD_SHARED_LIBS)
  set(pc_libs "-ltrawl")
else()
  set(pc_libs "")
  foreach(room IN LISTS TRAWL_ROOMS)
    get_target_property(type trawl_${room} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      string(PREPEND pc_libs "-ltrawl_${room} ")
    endif()
  endforeach()
  string(APPEND pc_libs "${TRAWL_PC_LIBS}")
  string(STRIP "${pc_libs}" pc_libs)
endif()
file(RELATIVE_PATH pc_up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")  # the tree may be moved
string(REGEX REPLACE "/$" "" pc_up "${pc_up}")
configure_file("${PROJECT_SOURCE_DIR}/packaging/trawl.pc.in" trawl.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/trawl.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
