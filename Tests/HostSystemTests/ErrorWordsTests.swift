import Foundation
import Testing

@testable import HostSystem

struct ErrorWordsTests {
    @Test func aFolderThatTakesNoFilesIsToldWithTheSystemsReason() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        #expect(ErrorWords.reasonAgainstWriting(in: folder.path) == "no such file or directory")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(ErrorWords.reasonAgainstWriting(in: folder.path) == nil)
        let file = folder.appendingPathComponent("file")
        try Data().write(to: file)
        #expect(ErrorWords.reasonAgainstWriting(in: file.path + "/x") == "a part of the path is a file, not a folder")
    }
}
