#define _GNU_SOURCE
#include "CTerminalGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t armed = 0;
static int terminal = -1;
static struct termios original;
static char farewell[512];
static size_t farewell_count = 0;
static char spare_stack[64 * 1024];

static const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGQUIT};
enum { crash_count = sizeof crashes / sizeof crashes[0] };

static const int watched[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
enum { watched_count = sizeof watched / sizeof watched[0] };
static struct sigaction before[watched_count];
static int signal_pipe[2] = {-1, -1};

// Writes without waiting longer than `milliseconds` for room in all. Returns what was written, or -1 where the file fails.
static long write_within(int fd, const char *bytes, size_t count, int milliseconds) {
    size_t done = 0;
    struct timespec before, now;
    clock_gettime(CLOCK_MONOTONIC, &before);
    while (done < count) {
        struct pollfd request = {.fd = fd, .events = POLLOUT};
        clock_gettime(CLOCK_MONOTONIC, &now);
        long passed = (now.tv_sec - before.tv_sec) * 1000 + (now.tv_nsec - before.tv_nsec) / 1000000;
        int ready = passed >= milliseconds ? 0 : poll(&request, 1, milliseconds - (int)passed);
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) break;
        if (!(request.revents & POLLOUT)) {
            errno = EIO;
            return -1;
        }
        size_t most = count - done < 512 ? count - done : 512;
        ssize_t written = write(fd, bytes + done, most);
        if (written < 0 && errno != EAGAIN && errno != EINTR) return -1;
        if (written > 0) done += (size_t)written;
    }
    return (long)done;
}

void guard_restore(void) {
    if (!armed) return;
    armed = 0;
    // Another job's terminal is not this one's to set up; to try would stop the process before its end.
    pid_t group = tcgetpgrp(terminal);
    if (group >= 0 && group != getpgrp()) return;
    if (write_within(terminal, farewell, farewell_count, 100) < (long)farewell_count) {
        // The terminal takes nothing. What waits for it is of no use any more, and makes room; CAN ends what that cut.
        tcflush(terminal, TCOFLUSH);
        write_within(terminal, "\030", 1, 50);
        write_within(terminal, farewell, farewell_count, 50);
    }
    tcsetattr(terminal, TCSANOW, &original);
}

// The disposition was reset on entry, so raising the signal again ends the process as it would have ended.
static void crash(int number) {
    guard_restore();
    raise(number);
}

int guard_arm(int fd, const char *bytes, size_t count) {
    static int installed = 0;
    if (tcgetattr(fd, &original) != 0) return -1;
    terminal = fd;
    farewell_count = count < sizeof farewell ? count : sizeof farewell;
    memcpy(farewell, bytes, farewell_count);
    if (!installed) {
        installed = 1;
        atexit(guard_restore);
        stack_t stack = {.ss_sp = spare_stack, .ss_size = sizeof spare_stack, .ss_flags = 0};
        sigaltstack(&stack, NULL);
        for (int index = 0; index < crash_count; index += 1) {
            struct sigaction action;
            memset(&action, 0, sizeof action);
            action.sa_handler = crash;
            action.sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER);
            sigemptyset(&action.sa_mask);
            sigaction(crashes[index], &action, NULL);
        }
    }
    armed = 1;
    return 0;
}

void guard_disarm(void) { armed = 0; }

int guard_open_terminal(int fd) {
    char name[PATH_MAX];
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int own = ttyname_r(fd, name, sizeof name) == 0 ? open(name, flags) : -1;
    if (own < 0) own = open("/dev/tty", flags);
    return own < 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : own;
}

void guard_drop_input(int fd, int milliseconds) {
    struct pollfd request = {.fd = fd, .events = POLLIN};
    if (poll(&request, 1, milliseconds) > 0) tcflush(fd, TCIFLUSH);
}

int guard_open_scratch(void) {
#ifdef __linux__
    int memory = memfd_create("frames", MFD_CLOEXEC);
    if (memory >= 0) return memory;
#endif
    FILE *file = tmpfile();
    if (!file) return -1;
    int own = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    return own;
}

long guard_write_within(int fd, const void *bytes, size_t count, int milliseconds) {
    int own = isatty(fd) ? guard_open_terminal(fd) : -1;
    long done = write_within(own < 0 ? fd : own, bytes, count, milliseconds);
    int problem = errno;
    if (own >= 0) close(own);
    errno = problem;
    return done;
}

static void tell(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe already holds a signal that nobody read yet; there is nothing better to do.
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = saved;
}

static void watch(int number, struct sigaction *previous) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = tell;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, previous);
}

int guard_watch_signals(void) {
    if (signal_pipe[0] >= 0) return signal_pipe[0];
    if (pipe(signal_pipe) != 0) return -1;
    for (int end = 0; end < 2; end += 1) {
        fcntl(signal_pipe[end], F_SETFL, fcntl(signal_pipe[end], F_GETFL) | O_NONBLOCK);
        fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC);
    }
    for (int index = 0; index < watched_count; index += 1) watch(watched[index], &before[index]);
    return signal_pipe[0];
}

void guard_rewatch_signals(void) {
    if (signal_pipe[0] < 0) return;
    for (int index = 0; index < watched_count; index += 1) watch(watched[index], NULL);
}

void guard_unwatch_signals(void) {
    if (signal_pipe[0] < 0) return;
    for (int index = 0; index < watched_count; index += 1) sigaction(watched[index], &before[index], NULL);
    close(signal_pipe[0]);
    close(signal_pipe[1]);
    signal_pipe[0] = signal_pipe[1] = -1;
}

// SIGSTOP and to the whole process: the thread that calls this may have SIGTSTP blocked, and a handler that is put back
// may be found by a signal that another thread takes late.
void guard_stop_process(void) { kill(getpid(), SIGSTOP); }

void guard_stop_background_group(void) { kill(0, SIGTTOU); }
