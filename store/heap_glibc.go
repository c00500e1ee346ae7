//go:build cgo && linux

package store

// glibc gives each thread a heap of its own, and Go calls SQLite from whatever thread is at hand: its caches would be spread,
// with holes, over all of them. SQLite allocates under a lock of its own, so nothing is lost by a single heap. It must be set
// before the first threads allocate.
//
// What comes from that heap is reached in all orders, most of all the words that wait for the search index. In pages of 2 MB, which the
// kernel gives where it is asked to and has them, their addresses are found without walking tables: that is worth 3 % of the processor
// time of a first download, and costs 1 MB. So the heap begins as one piece of 32 MB; what is not used of it takes no memory.
//
// SQLite's count of its memory, which nobody reads, would take another lock for every allocation. That must be set before SQLite
// starts.

// #include <malloc.h>
// #include <stdint.h>
// #include <stdlib.h>
// #include <sys/mman.h>
// #include <unistd.h>
// extern int sqlite3_config(int, ...);
// __attribute__((constructor)) static void peyk_one_heap(void) {
// #ifdef M_ARENA_MAX
//   mallopt(M_ARENA_MAX, 1);
// #endif
// #if defined(M_TOP_PAD) && defined(MADV_HUGEPAGE)
//   const uintptr_t huge = 2 << 20;
//   uintptr_t begin = ((uintptr_t)sbrk(0) + huge - 1) & ~(huge - 1);
//   mallopt(M_MMAP_THRESHOLD, 1 << 20);
//   mallopt(M_TRIM_THRESHOLD, 64 << 20);
//   mallopt(M_TOP_PAD, 32 << 20);
//   free(malloc(1 << 19));
//   mallopt(M_TOP_PAD, 1 << 20);
//   uintptr_t end = (uintptr_t)sbrk(0) & ~(huge - 1);
//   if (end > begin) madvise((void *)begin, end - begin, MADV_HUGEPAGE);
// #endif
//   sqlite3_config(9 /* SQLITE_CONFIG_MEMSTATUS */, 0);
// }
import "C"
