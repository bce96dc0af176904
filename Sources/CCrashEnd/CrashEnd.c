#define _GNU_SOURCE
#include "CCrashEnd.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

static const struct {
    int number;
    const char *text;
} crashes[] = {
    {SIGQUIT, "SIGQUIT"},
    {SIGABRT, "SIGABRT (abort)"},
    {SIGBUS, "SIGBUS (bus error)"},
    {SIGFPE, "SIGFPE (arithmetic error)"},
    {SIGILL, "SIGILL (illegal instruction)"},
    {SIGSEGV, "SIGSEGV (invalid memory)"},
    {SIGTRAP, "SIGTRAP (trap)"},
};
enum { crash_count = sizeof crashes / sizeof crashes[0] };

static struct sigaction before[crash_count];
static char name[64];
static unsigned limit_seconds;
static int files_max;
static volatile int ending = 0;

static void say(const char *text) {
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

// Ends the process as it would have ended without a handler, so that its parent learns the signal.
static void end(int number) {
    signal(number, SIG_DFL);
    sigset_t own;
    sigemptyset(&own);
    sigaddset(&own, number);
    sigprocmask(SIG_UNBLOCK, &own, NULL);
    raise(number);
    _exit(128 + number);
}

#ifdef __linux__
static volatile pid_t crashed_thread;

static size_t read_file(const char *path, char *bytes, size_t most) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, bytes, most - 1);
    close(file);
    bytes[count > 0 ? count : 0] = 0;
    return count > 0 ? (size_t)count : 0;
}

// "/proc/" with the number and what follows it.
static void proc_path(char *path, const char *start, pid_t number, const char *rest) {
    char digits[16];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10); while ((number /= 10) > 0);
    strcpy(path, start);
    path += strlen(path);
    while (count > 0) *path++ = digits[--count];
    strcpy(path, rest);
}

// Ends the program that the crashed thread started for its backtrace; it would wait for this process for ever.
static void end_backtracer(void) {
    char path[64], children[4096], program[32];
    proc_path(path, "/proc/self/task/", crashed_thread, "/children");
    if (read_file(path, children, sizeof children) == 0) return;
    for (char *next = children; *next;) {
        pid_t child = 0;
        for (; *next >= '0' && *next <= '9'; next += 1) child = child * 10 + (*next - '0');
        while (*next && (*next < '0' || *next > '9')) next += 1;
        if (child <= 1) continue;
        proc_path(path, "/proc/", child, "/comm");
        if (read_file(path, program, sizeof program) == 0) continue;
        if (strcmp(program, "swift-backtrace\n") == 0) kill(child, SIGKILL);
    }
}
#endif

static void give_up(int alarm) {
    (void)alarm;
#ifdef __linux__
    end_backtracer();
#endif
    say("\n");
    say(name);
    say(": the backtrace took too long and was ended\n");
    end(ending);
}

// Shuts all Internet sockets. Their file numbers stay taken until the end, so that no other thread can be given one.
static void shut_sockets(void) {
    for (int file = STDERR_FILENO + 1; file < files_max; file += 1) {
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        if (getsockname(file, (struct sockaddr *)&address, &length) != 0) continue;
        if (address.ss_family == AF_INET || address.ss_family == AF_INET6) shutdown(file, SHUT_RDWR);
    }
}

static void bound(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = give_up;
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    sigset_t own;
    sigemptyset(&own);
    sigaddset(&own, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &own, NULL);
    alarm(limit_seconds);
}

static void crash(int number, siginfo_t *info, void *context) {
    // The first crash tells the story; another thread, or the handler below itself, waits for the end.
    if (__atomic_exchange_n(&ending, number, __ATOMIC_SEQ_CST) != 0) {
        for (;;) pause();
    }
#ifdef __linux__
    crashed_thread = (pid_t)syscall(SYS_gettid);
#endif
    bound();
    int index = 0;
    while (index < crash_count - 1 && crashes[index].number != number) index += 1;
    say("\n");
    say(name);
    say(": crashed by ");
    say(crashes[index].text);
    say("\n");
    shut_sockets();
    if (before[index].sa_flags & SA_SIGINFO) {
        before[index].sa_sigaction(number, info, context);
    } else if (before[index].sa_handler != SIG_DFL) {
        before[index].sa_handler(number);
    }
    end(number);
}

void crash_end_bound(const char *program, unsigned seconds, int files) {
    strncpy(name, program, sizeof name - 1);
    limit_seconds = seconds;
    files_max = files;
    for (int index = 0; index < crash_count; index += 1) {
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = crash;
        action.sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_NODEFER);
        sigemptyset(&action.sa_mask);
        sigaction(crashes[index].number, NULL, &before[index]);
        // The parent wants the process to go on in spite of this signal.
        if (before[index].sa_handler == SIG_IGN && !(before[index].sa_flags & SA_SIGINFO)) continue;
        sigaction(crashes[index].number, &action, NULL);
    }
}
