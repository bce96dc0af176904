import Foundation
import Testing

@testable import TopCommand

@Suite struct DemoFolderTests {
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
}
