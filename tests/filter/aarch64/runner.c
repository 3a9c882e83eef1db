/* SPDX-License-Identifier: Apache-2.0 OR MIT
 * Runs aarch64 code over packets and compares what it gives with what it should. The file: for each program the size of the
 * code, the code, how many packets; for each packet its size, its length on the wire, what is expected, its bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef uint64_t Function(const uint8_t* data, uint64_t size, uint32_t length);

int main(int argc, char** argv) {
  static uint8_t packet[65536];
  uint32_t size, count, head[3];
  unsigned long programs = 0, packets = 0;
  FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  while (fread(&size, 4, 1, file) == 1) {
    void* code = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED || fread(code, size, 1, file) != 1) return 2;
    __builtin___clear_cache((char*)code, (char*)code + size);
    if (mprotect(code, size, PROT_READ | PROT_EXEC) != 0 || fread(&count, 4, 1, file) != 1) return 2;
    ++programs;
    for (; count > 0; --count, ++packets) {
      if (fread(head, 4, 3, file) != 3 || head[0] > sizeof packet || (head[0] && fread(packet, head[0], 1, file) != 1)) return 2;
      uint64_t verdict = ((Function*)code)(packet, head[0], head[1]);
      if (verdict != head[2] && verdict >> 32 == 0) {
        printf("program %lu, packet %lu: %llx instead of %x\n", programs, packets, (unsigned long long)verdict, head[2]);
        return 1;
      }
    }
    munmap(code, size);
  }
  printf("%lu programs, %lu packets\n", programs, packets);
  return programs > 0 ? 0 : 2;
}
