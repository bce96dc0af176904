import Foundation
import HostSystem
import Testing

@Suite struct SecretFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func mode(_ path: String) throws -> Int? {
        try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func whatIsWrittenIsForItsOwnerAlone() throws {
        try inFolder { folder in
            let path = folder + "/key"
            try SecretFile.write(Array("one".utf8), to: path, replaces: false)
            #expect(try mode(path) == 0o600)
            #expect(try SecretFile.read(path, bytesMax: 3) == Array("one".utf8))
            try SecretFile.write(Array("two".utf8), to: path, replaces: true)
            #expect(try mode(path) == 0o600)
            #expect(try SecretFile.read(path, bytesMax: 100) == Array("two".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["key"])
        }
    }

    @Test func aFileThatIsThereStaysWhereNobodySaidOtherwise() throws {
        try inFolder { folder in
            let path = folder + "/key"
            try SecretFile.write(Array("one".utf8), to: path, replaces: false)
            #expect(throws: SecretFile.Refusal.self) {
                try SecretFile.write(Array("two".utf8), to: path, replaces: false)
            }
            #expect(try SecretFile.read(path, bytesMax: 100) == Array("one".utf8))
        }
    }

    @Test(arguments: [0o604, 0o644, 0o660, 0o602, 0o601])
    func aFileThatOthersMayUseIsRefused(_ mode: Int) throws {
        try inFolder { folder in
            let path = folder + "/key"
            try SecretFile.write(Array("one".utf8), to: path, replaces: false)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect {
                try SecretFile.read(path, bytesMax: 100)
            } throws: { error in
                error.words == "others may use the secret in '\(path)': 'chmod 600' keeps them out"
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(try SecretFile.read(path, bytesMax: 100) == Array("one".utf8))
        }
    }

    @Test func whatIsNoFileOrTooLongIsRefused() throws {
        try inFolder { folder in
            #expect(throws: SecretFile.Refusal.self) { try SecretFile.read(folder, bytesMax: 100) }
            #expect(throws: SecretFile.Refusal.self) { try SecretFile.read(folder + "/none", bytesMax: 100) }
            try SecretFile.write(Array("one".utf8), to: folder + "/key", replaces: false)
            #expect(throws: SecretFile.Refusal.self) { try SecretFile.read(folder + "/key", bytesMax: 2) }
        }
    }
}
