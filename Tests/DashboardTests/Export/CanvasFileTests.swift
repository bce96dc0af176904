import Foundation
import TerminalUI
import Testing

@testable import Dashboard

@Suite struct CanvasFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    private var canvas: Canvas {
        var canvas = Canvas(Size(width: 3, height: 1))
        canvas.put("abc", x: 0, y: 0)
        return canvas
    }

    private func withFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body()
    }

    @Test func theNameSaysWhatIsWritten() throws {
        try withFolder {
            try CanvasFile.write(canvas, theme: .dark, to: folder + "/a.txt", isReplacing: false)
            #expect(try String(contentsOfFile: folder + "/a.txt", encoding: .utf8) == "abc\n")
            try CanvasFile.write(canvas, theme: .light, to: folder + "/a.SVG", isReplacing: false)
            #expect(try String(contentsOfFile: folder + "/a.SVG", encoding: .utf8).hasPrefix("<svg "))
            #expect(throws: CanvasFile.Failure.self) {
                try CanvasFile.write(canvas, theme: .dark, to: folder + "/a.png", isReplacing: false)
            }
        }
    }

    /// What is typed in the dashboard passes no shell.
    @Test func aTildeIsTheUsersFolder() {
        #expect(CanvasFile.expanded("~/x.svg") == NSHomeDirectory() + "/x.svg")
        #expect(CanvasFile.expanded("a/~x.svg") == "a/~x.svg")
    }

    @Test func aFileThatExistsIsKeptUnlessItIsToBeReplaced() throws {
        try withFolder {
            let path = folder + "/a.txt"
            try "mine".write(toFile: path, atomically: true, encoding: .utf8)
            let failure = #expect(throws: CanvasFile.Failure.self) {
                try CanvasFile.write(canvas, theme: .dark, to: path, isReplacing: false)
            }
            #expect(failure?.description.contains("exists already") == true)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
            try CanvasFile.write(canvas, theme: .dark, to: path, isReplacing: true)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "abc\n")
        }
    }

    @Test func aFolderThatIsNotThereIsSaid() {
        let failure = #expect(throws: CanvasFile.Failure.self) {
            try CanvasFile.write(canvas, theme: .dark, to: "/nowhere/a.txt", isReplacing: true)
        }
        #expect(failure?.description.contains("/nowhere/a.txt cannot be written") == true)
    }
}
