#ifndef SHARDTOP_CRASH_END_H
#define SHARDTOP_CRASH_END_H

// Code that runs inside a signal handler, and is in C for that: it uses only calls that POSIX lists as safe there.

// From now on a signal that stands for a crash ends the process, even if it was sent from outside. The handler before
// it (Swift's backtracer) does its work first, for no longer than `seconds`. Before that one line names `program` and
// the signal on standard error, and all Internet sockets are shut down, so that ports are free and peers hear of it at
// once. At most 63 bytes of the name are kept. To be called once, with no more than `files` files ever open.
void crash_end_bound(const char *program, unsigned seconds, int files);

#endif
