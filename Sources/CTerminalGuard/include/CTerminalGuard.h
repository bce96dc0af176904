#ifndef SHARDTOP_TERMINAL_GUARD_H
#define SHARDTOP_TERMINAL_GUARD_H

#include <stddef.h>

// What has to run inside a signal handler, and so is C: it uses nothing but calls that POSIX lists as safe there.

// Remembers how `fd` is set up now, and which bytes bring its screen back, for `guard_restore`. Arms a handler of
// crashes and one of `exit` that call it. At most 256 bytes are kept. Returns 0, or -1 where `fd` is no terminal.
int guard_arm(int fd, const char *bytes, size_t count);

// The terminal was given back in the ordinary way; nothing is left to do.
void guard_disarm(void);

// Gives the terminal back, once; does nothing where it is not armed.
void guard_restore(void);

// From now on the signals SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and SIGHUP each write their number as one byte
// to the pipe whose reading end is returned; -1 where no pipe could be made. Both ends do not block.
int guard_watch_signals(void);

// Puts back what was there before `guard_watch_signals`, and closes the pipe.
void guard_unwatch_signals(void);

// Stops the process as Ctrl-Z would have without a handler. May return a little before it stops; SIGCONT says when it
// goes on.
void guard_stop_process(void);

#endif
