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

// What ncurses has as macros, and what takes C arrays: Swift imports neither.

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

// Columns that the C library gives a character in the locale in force; -1 where it does not know it.
static inline int shim_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

// 0: nothing to read; 1: `value` is a character; 2: `value` is one of the KEY_ codes.
static inline int shim_read(uint32_t *value) {
    wint_t input = 0;
    int result = get_wch(&input);
    if (result == ERR) return 0;
    *value = (uint32_t)input;
    return result == KEY_CODE_YES ? 2 : 1;
}

// What the mouse did last: 0 nothing of use, 1 a click, 2 the wheel up, 3 the wheel down.
static inline int shim_mouse(int *column, int *row) {
    MEVENT event;
    if (getmouse(&event) != OK) return 0;
    *column = event.x;
    *row = event.y;
    if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED)) return 1;
    if (event.bstate & BUTTON4_PRESSED) return 2;
    if (event.bstate & BUTTON5_PRESSED) return 3;
    return 0;
}

// A press counts at once: waiting for a release would hold the keys back.
static inline void shim_watch_mouse(int is_on) {
    mouseinterval(0);
    mousemask(is_on ? BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static inline attr_t shim_bold(void) { return WA_BOLD; }
static inline attr_t shim_dim(void) { return WA_DIM; }
static inline attr_t shim_reverse(void) { return WA_REVERSE; }
static inline attr_t shim_underline(void) { return WA_UNDERLINE; }

static inline void shim_watch_keys(void) {
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    meta(stdscr, TRUE);
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    intrflush(stdscr, FALSE);
}

// The next refresh draws every cell again.
static inline void shim_forget_screen(void) { clearok(curscr, TRUE); }


// Global variables of the C library and of ncurses, which Swift rightly takes for shared mutable state.

/// Opens the terminal of standard input and output, as $TERM names it; null where nothing is known about it.
static inline SCREEN *shim_open(void) { return newterm(NULL, stdout, stdin); }

// Asks the terminal's driver for the window's size; 0 where it does not know.
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
