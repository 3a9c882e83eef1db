/* SPDX-License-Identifier: Apache-2.0 OR MIT
 * Runs aarch64 code over packets and compares what it gives with what it should. The file: for each program the size of the
 * code, the code, how many sets; for each set how many bounds, last, shift, words, how many starts, then both lists; how many
 * packets; for each packet its size, its length on the wire, what is expected, its bytes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct Set {
  const uint32_t *bounds, *start;
  uint32_t count, last, shift, words;
};
typedef uint64_t Function(const uint8_t* data, uint64_t size, uint32_t length, const struct Set* sets);

static uint32_t* list(FILE* file, uint32_t count) {
  uint32_t* result = malloc(4 * (size_t)count + 4);
  return result && fread(result, 4, count, file) == count ? result : NULL;
}
static int read_set(FILE* file, struct Set* set) {
  uint32_t head[5];
  if (fread(head, 4, 5, file) != 5) return 0;
  set->count = head[0], set->last = head[1], set->shift = head[2], set->words = head[3];
  set->bounds = list(file, head[0] * head[3]), set->start = list(file, head[4]);
  return set->bounds && set->start;
}

int main(int argc, char** argv) {
  static uint8_t packet[65536];
  static struct Set sets[16];
  uint32_t size, count, set_count, head[3];
  unsigned long programs = 0, packets = 0;
  FILE* file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  while (fread(&size, 4, 1, file) == 1) {
    void* code = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED || fread(code, size, 1, file) != 1) return 2;
    __builtin___clear_cache((char*)code, (char*)code + size);
    if (fread(&set_count, 4, 1, file) != 1 || set_count > 16) return 2;
    for (uint32_t i = 0; i < set_count; ++i)
      if (!read_set(file, &sets[i])) return 2;
    if (mprotect(code, size, PROT_READ | PROT_EXEC) != 0 || fread(&count, 4, 1, file) != 1) return 2;
    ++programs;
    for (; count > 0; --count, ++packets) {
      if (fread(head, 4, 3, file) != 3 || head[0] > sizeof packet || (head[0] && fread(packet, head[0], 1, file) != 1)) return 2;
      uint64_t verdict = ((Function*)code)(packet, head[0], head[1], sets);
      if (verdict != head[2] && verdict >> 32 == 0) {
        printf("program %lu, packet %lu: %llx instead of %x\n", programs, packets, (unsigned long long)verdict, head[2]);
        return 1;
      }
    }
    for (uint32_t i = 0; i < set_count; ++i) free((void*)sets[i].bounds), free((void*)sets[i].start);
    munmap(code, size);
  }
  printf("%lu programs, %lu packets\n", programs, packets);
  return programs > 0 ? 0 : 2;
}
