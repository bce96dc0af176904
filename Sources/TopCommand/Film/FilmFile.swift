import Dashboard
import Foundation
import HostSystem
import TerminalUI

/// A recording as a file for others, bounded in its size.
struct FilmFile {
    static let castBytesMax = 64 * 1_024 * 1_024
    static let svgBytesMax = 8 * 1_024 * 1_024
    private static let castIntervalMilliseconds: UInt64 = 66
    private static let svgIntervalMilliseconds: UInt64 = 125
    /// The end stays for a while before it begins anew.
    private static let holdMilliseconds: UInt64 = 3_000

    var text: String
    var frames: Int
    var milliseconds: UInt64

    @MainActor
    static func cast(_ film: ReplayFilm, title: String, _ size: Size) throws -> FilmFile {
        var cast = Asciicast(size, title: title, timestamp: film.startSeconds)
        try film.forEachFrame(everyMilliseconds: castIntervalMilliseconds) { canvas, milliseconds in
            cast.add(canvas, atMilliseconds: milliseconds)
            try check(cast.text.utf8.count, castBytesMax)
        }
        cast.end(atMilliseconds: film.durationMilliseconds)
        return FilmFile(text: cast.text, frames: cast.count, milliseconds: film.durationMilliseconds)
    }

    @MainActor
    static func svg(_ film: ReplayFilm, _ theme: ThemeName, _ size: Size) throws -> FilmFile {
        var picture = MovingSVG(size, foreground: theme.paper.foreground, background: theme.paper.background)
        try film.forEachFrame(everyMilliseconds: svgIntervalMilliseconds) { canvas, milliseconds in
            picture.add(canvas, atMilliseconds: milliseconds)
            try check(picture.bytes, svgBytesMax)
        }
        return FilmFile(
            text: picture.text(endMilliseconds: film.durationMilliseconds + holdMilliseconds), frames: picture.count,
            milliseconds: film.durationMilliseconds)
    }

    static func check(_ bytes: Int, _ most: Int) throws {
        guard bytes > most else { return }
        throw Failure(
            .failed,
            "it would be larger than \(Words.bytes(most)); a higher --speed, a smaller --size, or less between --from "
                + "and --to makes it smaller")
    }

    func write(to path: String) throws {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting) } catch {
            throw Failure(.fileTrouble, "\(path) cannot be written: \(error.words)")
        }
        Output.error(
            "\(path): \(Words.plural(frames, "frame")) over \(Words.time(microseconds: milliseconds * 1_000)), "
                + Words.bytes(text.utf8.count))
    }
}
