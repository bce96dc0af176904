import CNcurses
import CTerminalGuard

/// Makes of canvases the bytes that show them, through ncurses: the only place that calls it to draw.
///
/// ncurses writes when it likes and waits for whoever reads. So it is given a file in memory to write to, and what comes
/// of a frame is taken out of there.
@MainActor
final class CursesScreen {
    let depth: ColorDepth
    private var pairs: ColorPairs
    private var shown: Canvas?
    private let screen: OpaquePointer
    private let file: UnsafeMutablePointer<FILE>
    private let descriptor: Int32

    /// Nil if nothing is known about the terminal that `TERM` names.
    init?(noColor: Bool) {
        descriptor = guard_open_scratch()
        guard descriptor >= 0, let file = fdopen(descriptor, "w") else { return nil }
        guard let screen = shim_open(file) else {
            fclose(file)
            return nil
        }
        self.file = file
        self.screen = screen
        set_term(screen)
        nonl()
        shim_write_only()
        curs_set(0)
        let isWanted = !noColor && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
        if isWanted, has_colors(), start_color() == OK, use_default_colors() == OK {
            depth = ColorDepth(colors: Int(shim_colors()))
        } else {
            depth = .none
        }
        pairs = ColorPairs(depth: depth, pairsMax: Int(shim_color_pairs()))
    }

    func close() {
        delscreen(screen)
        fclose(file)
    }

    /// The bytes that make of what is shown the canvas; none where they are the same.
    func draw(_ canvas: Canvas, on size: Size) -> [UInt8] {
        if shown?.size != canvas.size { erase() }
        var hasChanged = shown?.size != canvas.size
        let before = shown?.size == canvas.size ? shown : nil
        for y in 0..<min(canvas.size.height, size.height) {
            for x in 0..<min(canvas.size.width, size.width) {
                let index = y * canvas.size.width + x
                let cell = canvas.cells[index]
                if let before, before.cells[index] == cell { continue }
                hasChanged = true
                if !cell.isContinuation { write(cell, x: x, y: y, isWide: canvas[x: x + 1, y: y].isContinuation) }
            }
        }
        shown = canvas
        if hasChanged { refresh() }
        return taken()
    }

    /// Forgets what is shown: the next canvas is written in full.
    func forget() {
        shown = nil
        shim_forget_screen()
    }

    func resize(_ size: Size) {
        resizeterm(Int32(size.height), Int32(size.width))
        shown = nil
    }

    /// The bytes that leave the screen to the shell. The next canvas takes it again.
    func leave() -> [UInt8] {
        endwin()
        forget()
        return taken()
    }

    private func taken() -> [UInt8] {
        fflush(file)
        let count = lseek(descriptor, 0, SEEK_CUR)
        guard count > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let read = pread(descriptor, &bytes, bytes.count, 0)
        ftruncate(descriptor, 0)
        lseek(descriptor, 0, SEEK_SET)
        return Array(bytes.prefix(max(0, read)))
    }

    private func write(_ cell: Cell, x: Int, y: Int, isWide: Bool) {
        let attributes = cell.style.attributes
        var bits: attr_t = 0
        if attributes.contains(.bold), !attributes.contains(.steady) { bits |= shim_bold() }
        if attributes.contains(.dim) { bits |= shim_dim() }
        if attributes.contains(.reverse) { bits |= shim_reverse() }
        if attributes.contains(.underline) { bits |= shim_underline() }
        let pair = pairs.pair(for: cell.style)
        var scalars = cell.character.unicodeScalars.map(\.value)
        // A character about whose width the C library and this program disagree would displace the columns to its
        // right, so a '?' stands for it.
        if let first = scalars.first, first >= 0x80, shim_width(first) != (isWide ? 2 : 1) {
            scalars = [0x3F]
            if isWide { _ = shim_put(Int32(y), Int32(x) + 1, [0x20], 1, bits, pair) }
        }
        _ = shim_put(Int32(y), Int32(x), scalars, Int32(scalars.count), bits, pair)
    }
}
