#include "CTerminalGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t armed = 0;
static int terminal = -1;
static struct termios original;
static char farewell[256];
static size_t farewell_count = 0;
static char spare_stack[64 * 1024];

static const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGQUIT};
enum { crash_count = sizeof crashes / sizeof crashes[0] };

static const int watched[] = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
enum { watched_count = sizeof watched / sizeof watched[0] };
static struct sigaction before[watched_count];
static int signal_pipe[2] = {-1, -1};

void guard_restore(void) {
    if (!armed) return;
    armed = 0;
    size_t done = 0;
    while (done < farewell_count) {
        ssize_t count = write(terminal, farewell + done, farewell_count - done);
        if (count <= 0) break;
        done += (size_t)count;
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
