#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

// Counts the memory blocks that a thread asks for. Linked into a program, it stands in front of the C library's malloc
// for the whole of it; only where that is glibc.

bool allocations_are_counted(void);

// The blocks that the calling thread has asked for since it started.
uint64_t allocations_of_this_thread(void);

#endif
