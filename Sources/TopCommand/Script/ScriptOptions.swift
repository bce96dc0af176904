import ArgumentParser
import Foundation
import HostSystem
import TerminalUI

/// Lets a script use the dashboard in a person's place.
struct ScriptOptions: ParsableArguments {
    static let help = """
        A script has a command a line: press KEY…, type TEXT, see "TEXT" [within 30s], gone "TEXT", pause 2s, \
        resize 80x24, save FILE.svg or FILE.txt; what follows # is ignored. On a terminal the person goes on after it; \
        with --size, or without a terminal, it runs on no screen at all and ends the dashboard.
        """

    @Option(help: ArgumentHelp("Press keys and wait for texts as this file says.", valueName: "file"))
    var script: String?
    @Option(
        help: ArgumentHelp(
            "Of the screen that a script works on, or that is written into a file, where it is no terminal.",
            valueName: "columns x rows"))
    var size: String?

    func validate() throws {
        guard let size else { return }
        guard Script.size(size) != nil else { throw ValidationError("A size is COLUMNSxROWS, up to 1000x1000.") }
    }

    /// Where and how a script is to run; nil without one.
    struct Plan {
        var script: Script
        /// Nil on the terminal.
        var size: Size?
    }

    private static let usualSize = Size(width: 120, height: 35)

    /// Where there is no screen.
    var sizeOrUsual: Size { size.flatMap { Script.size($0) } ?? Self.usualSize }

    func plan(isTerminal: Bool = DashboardTerminal.isTerminal) throws -> Plan? {
        guard let path = script else {
            guard size == nil else {
                throw Failure(.usage, "--size is for what is shown on no terminal, as by a --script")
            }
            return nil
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.fileTrouble, "cannot read the script \(path)")
        }
        guard data.count <= Script.bytesMax, let text = String(data: data, encoding: .utf8) else {
            throw Failure(.usage, "\(path) is no script: text of at most \(Script.bytesMax) bytes")
        }
        let size = size.flatMap { Script.size($0) } ?? (isTerminal ? nil : Self.usualSize)
        do throws(Script.Problem) {
            return Plan(script: try Script(text), size: size)
        } catch {
            throw Failure(.usage, "\(path), line \(error.line): \(error.words)")
        }
    }
}
