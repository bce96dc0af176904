import Foundation
import Synchronization

/// A terminal for a program under measurement: takes its frames, and counts them.
final class PseudoTerminal: Sendable {
    /// Writes closer together than this belong to one frame.
    private static let frameGapSeconds = 0.008

    // TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private struct Seen {
        var text = ""
        var bytes = 0
        var frames = 0
        var last = 0.0
    }

    /// The end that the program has.
    let slave: FileHandle
    private let master: FileHandle
    private let seen = Mutex(Seen())

    init(columns: UInt16, rows: UInt16) throws {
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var isLocked: Int32 = 0
        var number: Int32 = 0
        guard descriptor >= 0, ioctl(descriptor, Self.setLock, &isLocked) == 0,
            ioctl(descriptor, Self.getNumber, &number) == 0
        else { throw Programs.Problem("this system gives no pseudo terminal; it is measured on Linux") }
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard other >= 0 else { throw Programs.Problem("the pseudo terminal cannot be opened") }
        slave = FileHandle(fileDescriptor: other, closeOnDealloc: true)
        master = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        master.readabilityHandler = { [weak self] handle in self?.take(handle.availableData) }
    }

    func close() { master.readabilityHandler = nil }

    private func take(_ data: Data) {
        let now = ProcessInfo.processInfo.systemUptime
        seen.withLock { seen in
            if now - seen.last > Self.frameGapSeconds { seen.frames += 1 }
            seen.last = now
            seen.bytes += data.count
            seen.text = String((seen.text + String(decoding: data, as: UTF8.self)).suffix(20_000))
        }
    }

    func press(_ keys: String) { master.write(Data(keys.utf8)) }

    var bytes: Int { seen.withLock { $0.bytes } }
    var frames: Int { seen.withLock { $0.frames } }

    /// Waits until the program has written a text; what was written before counts, unless it was forgotten.
    func await(_ text: String, seconds: Double = 60) throws {
        let end = ProcessInfo.processInfo.systemUptime + seconds
        while !seen.withLock({ $0.text.contains(text) }) {
            guard ProcessInfo.processInfo.systemUptime < end else {
                throw Programs.Problem("'\(text)' was never shown")
            }
            usleep(500)
        }
    }

    func forget() { seen.withLock { $0.text = "" } }
}
