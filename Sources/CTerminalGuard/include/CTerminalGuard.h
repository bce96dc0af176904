#ifndef SHARDTOP_TERMINAL_GUARD_H
#define SHARDTOP_TERMINAL_GUARD_H

#include <stddef.h>

// Code that runs inside a signal handler, and is in C for that: it uses only calls that POSIX lists as safe there.

// Remembers how `fd` is set up now, and which bytes bring its screen back, for `guard_restore`. Arms a handler of
// crashes and one of `exit` that call it. At most 512 bytes are kept. Returns 0, or -1 if `fd` is no terminal.
int guard_arm(int fd, const char *bytes, size_t count);

// Notes that the terminal was given back in the ordinary way, so that nothing is left to do.
void guard_disarm(void);

// Gives the terminal back, once; does nothing if it is not armed. If the terminal takes no output, it gives up after a
// third of a second.
void guard_restore(void);

// Opens the terminal of `fd` anew, so that writing to it need not wait: that mode belongs to an open file, and the
// shell shares that of `fd`. If it cannot be opened, returns the same file, which waits; -1 if there is none.
int guard_open_terminal(int fd);

// Waits up to `milliseconds` for input to come from a terminal, and drops what has come.
void guard_drop_input(int fd, int milliseconds);

// Makes a file without a name, for bytes on their way; -1 if none could be made.
int guard_open_scratch(void);

// Writes to a file, a pipe or a terminal, and waits no longer than `milliseconds` in all for room. Returns the bytes
// written, or -1 with errno set if nobody can write there any more.
long guard_write_within(int fd, const void *bytes, size_t count, int milliseconds);

// From now on the signals SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and SIGHUP each write their number as one byte to
// the pipe whose reading end is returned; -1 if no pipe could be made. Neither end blocks.
int guard_watch_signals(void);

// Takes the signals again, in case a library has taken them meanwhile.
void guard_rewatch_signals(void);

// Puts back what was there before `guard_watch_signals`, and closes the pipe.
void guard_unwatch_signals(void);

// Stops the process as Ctrl-Z would have without a handler. May return a little before it stops; SIGCONT says when it
// goes on.
void guard_stop_process(void);

// Stops the process, and its pipeline, as the system stops a process that writes to a terminal from the background.
void guard_stop_background_group(void);

#endif
