import Foundation
import Testing

@testable import Certificates

@Suite struct CertificateFolderTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let day: TimeInterval = 86_400

    private func inFolder(_ body: (CertificateFolder) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("certs-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(CertificateFolder(path))
    }

    private func withAuthority(_ body: (CertificateFolder) throws -> Void) throws {
        try inFolder { folder in
            _ = try folder.makeAuthority(now: Self.now)
            try body(folder)
        }
    }

    private func mode(_ path: String) throws -> Int? {
        try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func keysAreForTheirOwnerAlone() throws {
        try withAuthority { folder in
            let node = try folder.makeNode(["10.0.0.7:8081"], now: Self.now)
            #expect(try mode(folder.path) == 0o700)
            #expect(try mode(folder.path + "/ca.key") == 0o600)
            #expect(node.keyFile == folder.path + "/10.0.0.7_8081.key")
            #expect(try mode(try #require(node.keyFile)) == 0o600)
        }
    }

    @Test func aNodesCertificateNamesItsHostsAndIsForBothSidesOfALink() throws {
        try withAuthority { folder in
            let made = try folder.makeNode(
                ["10.0.0.7:8081", "node-1.example:8081", "[fd00::7]:8081", "fd00:0::7", "localhost"], now: Self.now)
            #expect(made.hosts == ["10.0.0.7", "node-1.example", "fd00::7", "localhost"])
            #expect(made.name == "10.0.0.7:8081")
            let certificate = try folder.certificate(made.file)
            let usage = try #require(try certificate.extensions.extendedKeyUsage)
            #expect(usage.contains(.serverAuth) && usage.contains(.clientAuth))
            #expect(certificate.isAuthority == false)
        }
    }

    @Test func aClientsCertificateIsNoNodes() throws {
        try withAuthority { folder in
            let made = try folder.makeClient(named: "anna", now: Self.now)
            #expect(made.kind == .client)
            #expect(made.hosts.isEmpty)
            let usage = try #require(try folder.certificate(made.file).extensions.extendedKeyUsage)
            #expect(!usage.contains(.serverAuth))
        }
    }

    @Test func validityIsAsAskedAndEndsWithTheAuthoritys() throws {
        try inFolder { folder in
            _ = try folder.makeAuthority(days: 100, now: Self.now)
            let short = try folder.makeNode(["a"], days: 30, now: Self.now)
            #expect(short.daysLeft(at: Self.now) == 30)
            // A clock that is behind does not refuse it.
            #expect(short.validFrom <= Self.now - 3_600)
            let long = try folder.makeNode(["b"], days: 300, now: Self.now + 10 * Self.day)
            #expect(long.daysLeft(at: Self.now) == 100)
            #expect(throws: CertificateTrouble.self) {
                try folder.makeNode(["c"], now: Self.now + 101 * Self.day)
            }
        }
    }

    @Test func nothingThatIsThereIsOverwrittenUntold() throws {
        try withAuthority { folder in
            let made = try folder.makeNode(["a:1"], now: Self.now)
            let key = try Data(contentsOf: URL(fileURLWithPath: try #require(made.keyFile)))
            #expect(throws: CertificateTrouble.self) { try folder.makeAuthority(now: Self.now) }
            #expect(throws: CertificateTrouble.self) { try folder.makeNode(["a:1"], now: Self.now) }
            try FileManager.default.removeItem(atPath: made.file)
            #expect(throws: CertificateTrouble.self) { try folder.makeNode(["a:1"], now: Self.now) }
            #expect(try Data(contentsOf: URL(fileURLWithPath: try #require(made.keyFile))) == key)
        }
    }

    @Test func aRenewedCertificateHasTheKeyAndTheHostsOfTheOldOne() throws {
        try withAuthority { folder in
            let old = try folder.makeNode(["a:1", "10.0.0.1"], now: Self.now)
            let key = try folder.key(try #require(old.keyFile))
            let later = Self.now + 300 * Self.day
            let new = try folder.makeNode(["a:1"], renewal: .certificate, now: later)
            #expect(new.hosts == ["a", "10.0.0.1"])
            #expect(new.daysLeft(at: later) == CertificateFolder.days)
            #expect(try folder.key(try #require(new.keyFile)).rawRepresentation == key.rawRepresentation)
            let other = try folder.makeNode(["a:1", "b"], renewal: .certificateAndKey, now: later)
            #expect(other.hosts == ["a", "b"])
            #expect(try folder.key(try #require(other.keyFile)).rawRepresentation != key.rawRepresentation)
        }
    }

    @Test func whatIsNotThereCannotBeRenewed() throws {
        try withAuthority { folder in
            #expect(throws: CertificateTrouble.self) { try folder.makeNode(["a"], renewal: .certificate) }
            _ = try folder.makeClient(named: "anna")
            #expect(throws: CertificateTrouble.self) { try folder.makeNode(["anna"], renewal: .certificate) }
        }
    }

    @Test func allAreListedWithTheAuthorityFirst() throws {
        try withAuthority { folder in
            _ = try folder.makeNode(["a:1"], now: Self.now)
            _ = try folder.makeClient(named: "Anna", now: Self.now)
            let listed = try folder.list()
            #expect(listed.map(\.kind) == [.authority, .client, .node])
            #expect(listed.map(\.name) == ["shardnode authority", "Anna", "a:1"])
            #expect(listed.map { $0.daysLeft(at: Self.now + Self.day) } == [3_649, 364, 364])
        }
    }

    @Test func aKeyOfAnotherAuthoritySignsNothing() throws {
        try withAuthority { folder in
            try inFolder { other in
                _ = try other.makeAuthority(now: Self.now)
                try FileManager.default.removeItem(atPath: folder.path + "/ca.key")
                try FileManager.default.copyItem(atPath: other.path + "/ca.key", toPath: folder.path + "/ca.key")
                #expect(throws: CertificateTrouble.self) { try folder.makeNode(["a"], now: Self.now) }
            }
        }
    }

    @Test func aFolderThatOthersMayLookIntoHoldsNoKeys() throws {
        try inFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder.path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            #expect(throws: CertificateTrouble.self) { try folder.makeAuthority() }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test(arguments: ["", "a b", "a:b", "a:0", "a:70000", "-/x", "1.2.3", "[1.2.3.4]:1", "[fd00::1]x", "a..b"])
    func whatIsNoAddressIsRefused(_ text: String) throws {
        try withAuthority { folder in
            #expect(throws: CertificateTrouble.self) { try folder.makeNode([text]) }
        }
    }

    @Test(arguments: ["", "../x", ".x", "a/b", "ä", "ca", String(repeating: "a", count: 65)])
    func whatIsNoNameOfAFileIsRefused(_ text: String) throws {
        try withAuthority { folder in
            #expect(throws: CertificateTrouble.self) { try folder.makeClient(named: text) }
        }
    }
}
