import ArgumentParser
import Dashboard
import Foundation
import HostSystem
import TerminalUI

/// Turns a recording into files that play elsewhere, without a terminal.
struct FilmOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write it as a recording of a terminal, asciicast v2, into this file, which must not exist.",
            valueName: "file"))
    var cast: String?
    @Option(
        help: ArgumentHelp(
            "Write it as a picture in SVG that moves by itself into this file, which must not exist.", valueName: "file"
        )
    )
    var svg: String?
    @Option(help: "Times the recorded speed, in a --cast or --svg: 0.25, 0.5, 1, 2, 4, 8 or 16.") var speed: String?
    @Option(help: ArgumentHelp("Where a --cast or --svg begins in the recording.", valueName: "seconds"))
    var from: Double?
    @Option(help: ArgumentHelp("Where it ends.", valueName: "seconds")) var to: Double?

    static let speeds: [String: UInt64] = [
        "0.25": 1, "0.5": 2, "1": 4, "2": 8, "4": 16, "8": 32, "16": 64,
    ]

    var isAsked: Bool { cast != nil || svg != nil }

    func validate() throws {
        if !isAsked, speed != nil || from != nil || to != nil {
            throw ValidationError("--speed, --from and --to are for --cast and --svg.")
        }
        guard speed.map({ Self.speeds[$0] != nil }) ?? true else {
            throw ValidationError("The speed is 0.25, 0.5, 1, 2, 4, 8 or 16.")
        }
        let (from, to) = (from ?? 0, to ?? .greatestFiniteMagnitude)
        guard from >= 0, from < to, from < Self.secondsMax else {
            throw ValidationError("--from and --to are seconds of the recording, the first before the second.")
        }
    }

    /// Longer than any recording.
    private static let secondsMax = 1e9

    var cut: ReplayFilm.Cut {
        ReplayFilm.Cut(
            fromMilliseconds: UInt64((from ?? 0) * 1_000),
            toMilliseconds: to.map { UInt64(min($0, Self.secondsMax) * 1_000) },
            speedInQuarters: speed.flatMap { Self.speeds[$0] } ?? 4)
    }

    /// Writes what was asked for, and says what it came to.
    @MainActor
    func write(_ recording: Recording, name: String, size: Size, look: DashboardLook) throws {
        for path in [cast, svg].compactMap(\.self) where FileManager.default.fileExists(atPath: path) {
            throw Failure(.fileTrouble, "\(path) exists already; choose another name")
        }
        let theme = look.theme ?? .dark
        let film = ReplayFilm(
            recording,
            look: .init(size: size, theme: theme, isASCII: look.isASCII, isPresenting: look.isPresenting), cut: cut)
        guard film.durationMilliseconds > 0 else {
            throw Failure(.usage, "the recording has nothing between --from and --to")
        }
        if let cast { try FilmFile.cast(film, title: name, size).write(to: cast) }
        if let svg { try FilmFile.svg(film, theme, size).write(to: svg) }
    }
}
