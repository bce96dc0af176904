import ClusterModel
import Foundation
import HostSystem
import TerminalUI

/// A canvas as a file: a picture or plain text, as the file's name says.
public enum CanvasFile {
    public struct Failure: TellingError {
        public let description: String
    }

    private enum Format { case svg, text }

    private static func format(of path: String) throws -> Format {
        switch URL(fileURLWithPath: path).pathExtension.lowercased() {
        case "svg": return .svg
        case "txt": return .text
        default:
            throw Failure(description: "'\(path)' ends with neither .svg nor .txt, so it is not known what to write")
        }
    }

    /// Throws if the name is wrong, before there is anything to write.
    public static func check(_ path: String) throws { _ = try format(of: path) }

    /// The user's folder for `~`, which no shell has replaced in what is typed here.
    static func expanded(_ path: String) -> String { NSString(string: path).expandingTildeInPath }

    /// - Parameter isReplacing: false to refuse a file that exists.
    public static func write(_ canvas: Canvas, theme: ThemeName, to path: String, isReplacing: Bool) throws {
        let text: String
        switch try format(of: path) {
        case .svg: text = canvas.svg(foreground: theme.paper.foreground, background: theme.paper.background)
        case .text: text = canvas.text
        }
        let path = expanded(path)
        do {
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: path), options: isReplacing ? .atomic : .withoutOverwriting)
        } catch let error as CocoaError where error.code == .fileWriteFileExists {
            throw Failure(description: "\(path) exists already; choose another name")
        } catch {
            throw Failure(description: "\(path) cannot be written: \(error.words)")
        }
    }
}
