#ifndef SHARDTOP_NCURSES_SHIM_H
#define SHARDTOP_NCURSES_SHIM_H

#define _XOPEN_SOURCE_EXTENDED 1
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <stdint.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <signal.h>
#include <wchar.h>
#include <ncurses.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Functions for what Swift does not import: macros of ncurses, and calls that take C arrays.

#define SHIM_SCALARS_MAX 5

// Writes one character, a base and the marks on it, at a place on the standard screen.
static inline int shim_put(int row, int column, const uint32_t *scalars, int count, attr_t attributes, short pair) {
    wchar_t text[SHIM_SCALARS_MAX + 1];
    int used = 0;
    while (used < count && used < SHIM_SCALARS_MAX) {
        text[used] = (wchar_t)scalars[used];
        used += 1;
    }
    text[used] = L'\0';
    cchar_t cell;
    if (setcchar(&cell, text, attributes, pair, NULL) == ERR) return ERR;
    return mvadd_wch(row, column, &cell);
}

// Columns that the C library gives a character in the locale in force; -1 if it does not know it.
static inline int shim_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

static inline attr_t shim_bold(void) { return WA_BOLD; }
static inline attr_t shim_dim(void) { return WA_DIM; }
static inline attr_t shim_reverse(void) { return WA_REVERSE; }
static inline attr_t shim_underline(void) { return WA_UNDERLINE; }

// Nothing here is read through ncurses, so it need not look for keys while it writes.
static inline void shim_write_only(void) {
    typeahead(-1);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
}

// The next refresh draws every cell again.
static inline void shim_forget_screen(void) { clearok(curscr, TRUE); }


// Global variables of the C library and of ncurses, which Swift rightly takes for shared mutable state.

/// Opens a screen for the terminal that $TERM names, which writes into a file; null if nothing is known about it.
static inline SCREEN *shim_open(FILE *output) { return newterm(NULL, output, stdin); }

// Declared here and not included, as the macros of <term.h> take the most ordinary names.
extern int setupterm(const char *term, int descriptor, int *status);

// Asks what is known of a kind of terminal: 1 enough, 0 that it cannot place text, -1 nothing.
static inline int shim_knows(const char *name) {
    int status = 0;
    if (setupterm(name, STDOUT_FILENO, &status) == ERR) return status == 1 ? 0 : -1;
    const char *place = tigetstr("cup");
    return place && place != (char *)-1;
}

// Asks the terminal's driver for the window's size; 0 if it does not know.
static inline int shim_window_size(int *columns, int *rows) {
    struct winsize window = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0) return 0;
    *columns = window.ws_col;
    *rows = window.ws_row;
    return window.ws_col > 0 && window.ws_row > 0;
}

static inline int shim_columns(void) { return getmaxx(stdscr); }

static inline int shim_rows(void) { return getmaxy(stdscr); }

static inline int shim_colors(void) { return COLORS; }

static inline int shim_color_pairs(void) { return COLOR_PAIRS; }

#endif
