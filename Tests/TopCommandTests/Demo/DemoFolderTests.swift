import Foundation
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct DemoFolderTests {
    @Test func `folders whose demo was killed go, those that run or were left on purpose stay`() throws {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("folders-\(UUID())")
        defer { try? FileManager.default.removeItem(at: parent) }
        let paths = [1_001, 1_002, 1_003].map { DemoFolder.path(of: $0, in: parent) }
        let other = parent.appendingPathComponent("shardtop-demo-notes").path
        for path in paths + [other] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        DemoFolder.keep(paths[1])
        DemoFolder.removeAbandoned(in: parent) { $0 == 1_003 }
        let isThere = (paths + [other]).map { FileManager.default.fileExists(atPath: $0) }
        #expect(isThere == [false, true, true, true])
    }

    @Test func `a temporary folder that cannot be used is said in words, with what to do`() throws {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("none-\(UUID())")
        let missing = #expect(throws: Failure.self) { try DemoFolder.make(in: parent) }
        #expect(missing?.status == .fileTrouble)
        #expect(missing?.words.hasPrefix("there is no folder \(parent.path): set TMPDIR") == true)
        #expect(!FileManager.default.fileExists(atPath: parent.path), "it is not made either")
        let long = (0..<3).reduce(FileManager.default.temporaryDirectory.appendingPathComponent("long-\(UUID())")) {
            folder, _ in folder.appendingPathComponent(String(repeating: "x", count: 150))
        }
        try FileManager.default.createDirectory(at: long, withIntermediateDirectories: true)
        let tooLong = #expect(throws: Failure.self) { try DemoFolder.make(in: long) }
        #expect(tooLong?.words.contains("too long") == true)
        let top = long.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        try FileManager.default.removeItem(at: top)
    }

    @Test func `a folder named from here is named in full, for the nodes`() {
        let parent = URL(fileURLWithPath: "some where/deep")
        #expect(DemoFolder.path(of: 7, in: parent).hasPrefix("/"))
        #expect(DemoFolder.path(of: 7, in: parent).hasSuffix("/some where/deep/shardtop-demo-7"))
    }
}
