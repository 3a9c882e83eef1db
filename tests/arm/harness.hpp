// SPDX-License-Identifier: Apache-2.0 OR MIT
/// A test harness for a machine without an operating system: no heap, no exceptions, output by semihosting.
///
///     TRAWL_ARM_TEST(adds_two_numbers) { TRAWL_ARM_CHECK(1 + 1 == 2); }
///
/// A failed check is printed and ends its test; the image's exit status is 1 when any test failed.
#pragma once

namespace arm {

struct Test {
  const char* name;
  void (*run)();
  Test* next = nullptr;
  Test(const char* test_name, void (*body)());
};

void print(const char* text);
void print(unsigned long number);
void failed(const char* file, int line, const char* expression);

}  // namespace arm

#define TRAWL_ARM_TEST(test_name) \
  static void test_name(); \
  static ::arm::Test test_of_##test_name{#test_name, test_name}; \
  static void test_name()

#define TRAWL_ARM_CHECK(...) \
  do { \
    if (!(__VA_ARGS__)) return ::arm::failed(__FILE__, __LINE__, #__VA_ARGS__); \
  } while (false)
