//go:build cgo && linux

package store

// glibc gives each thread a heap of its own, and Go calls SQLite from whatever thread is at hand: its caches would be spread,
// with holes, over all of them. SQLite allocates under a lock of its own, so nothing is lost by a single heap. It must be set
// before the first threads allocate.
//
// SQLite's count of its memory, which nobody reads, would take another lock for every allocation. That must be set before SQLite
// starts.

// #include <malloc.h>
// extern int sqlite3_config(int, ...);
// __attribute__((constructor)) static void peyk_one_heap(void) {
// #ifdef M_ARENA_MAX
//   mallopt(M_ARENA_MAX, 1);
// #endif
//   sqlite3_config(9 /* SQLITE_CONFIG_MEMSTATUS */, 0);
// }
import "C"
