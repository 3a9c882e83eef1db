# SPDX-License-Identifier: Apache-2.0 OR MIT
# A Cortex-M3 without an operating system: what freestanding rooms must be content with.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_CXX_FLAGS_INIT "-mcpu=cortex-m3 -mthumb -ffreestanding -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# Behind all archives: memcpy and 64-bit division, nothing with a heap in it.
set(CMAKE_CXX_STANDARD_LIBRARIES "-lc_nano -lgcc")
