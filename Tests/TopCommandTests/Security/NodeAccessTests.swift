import ClientTLS
import Foundation
import HostSystem
import ShardClient
import ShardCore
import Testing

@testable import TopCommand

/// As whom, and how, nodes are spoken to, by what was said on the command line and in the environment.
@Suite struct NodeAccessTests {
    private func login(_ environment: [String: String] = [:]) -> EngineLogin {
        var login = EngineLogin()
        login.environment = environment
        return login
    }

    private func status(_ login: EngineLogin, isTLS: Bool = false) -> TopCommand.ExitStatus? {
        do {
            _ = try login.access(isTLS: isTLS)
            return nil
        } catch {
            return (error as? Failure)?.status
        }
    }

    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("token-\(UUID().uuidString)").path
        try SecretFile.write(Array(text.utf8), to: path, replaces: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func aTokenComesFromTheFileBeforeTheEnvironment() throws {
        #expect(try login().access(isTLS: false).token == nil)
        #expect(try login(["SHARDTOP_TOKEN": "sn_e"]).access(isTLS: false).token?.revealed == "sn_e")
        try withFile("sn_f\n") { path in
            var login = login(["SHARDTOP_TOKEN": "sn_e"])
            login.tokenFile = path
            let token = try login.access(isTLS: false).token
            #expect(token?.revealed == "sn_f")
        }
    }

    @Test func whatIsNoTokenIsSaidWithoutIt() throws {
        #expect(status(login(["SHARDTOP_TOKEN": "two words"])) == .usage)
        try withFile("two words") { path in
            var login = login()
            login.tokenFile = path
            do {
                _ = try login.access(isTLS: false)
                Issue.record("it was taken")
            } catch {
                #expect(!"\(error)".contains("two words"))
            }
        }
    }

    @Test func aFileThatOthersMayReadIsRefused() throws {
        try withFile("sn_f") { path in
            var login = login()
            login.tokenFile = path
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            #expect(status(login) == .fileTrouble)
            login.tokenFile = path + "-none"
            #expect(status(login) == .fileTrouble)
        }
    }

    @Test func certificatesAreForAddressesWithTLS() throws {
        var described = login()
        described.tls = ServerTLS(authorityFile: "ca.pem")
        #expect(status(described) == .usage)
        #expect(try described.access(isTLS: true).tls == ServerTLS(authorityFile: "ca.pem"))
        #expect(try login().access(isTLS: true).tls == ServerTLS())
    }

    @Test func theAuthorityComesFromTheEnvironmentWhereNothingElseNamesOne() throws {
        let environment = ["SHARDTOP_TLS_CA": "env.pem"]
        #expect(try login(environment).access(isTLS: true).tls == ServerTLS(authorityFile: "env.pem"))
        #expect(try login(environment).access(isTLS: false).tls == nil)
        var login = login(environment)
        login.tls = ServerTLS(certificateFile: "c", keyFile: "k")
        #expect(
            try login.access(isTLS: true).tls
                == ServerTLS(authorityFile: "env.pem", certificateFile: "c", keyFile: "k"))
        login.tls = ServerTLS(authorityFile: "flag.pem")
        #expect(try login.access(isTLS: true).tls == ServerTLS(authorityFile: "flag.pem"))
    }

    @Test func aTokenInPlainTextIsWarnedOfBeyondThisMachine() throws {
        let access = try login(["SHARDTOP_TOKEN": "sn_e"]).access(isTLS: false)
        #expect(OpenedCluster.warnings(access, [NodeAddress("127.0.0.1:1")!]).isEmpty)
        let warnings = OpenedCluster.warnings(access, [NodeAddress("10.0.0.1:1")!])
        #expect(warnings.count == 1)
        #expect(!warnings[0].contains("sn_e"))
        let secure = try login(["SHARDTOP_TOKEN": "sn_e"]).access(isTLS: true)
        #expect(OpenedCluster.warnings(secure, [NodeAddress("10.0.0.1:1")!]).isEmpty)
    }

    @Test(arguments: [
        ("https://a:1", ["a:1"], true), ("https://a:1/,https://b:2", ["a:1", "b:2"], true),
        ("http://a:1", ["a:1"], false), ("shardnode://a:1,b:2", ["a:1", "b:2"], false), ("a:1", ["a:1"], false),
    ])
    func addressesSayWhetherTLSIsSpoken(_ text: String, _ addresses: [String], _ isTLS: Bool) throws {
        #expect(try ClusterEntry(parsing: text) == .nodes(addresses.compactMap { NodeAddress($0) }, isTLS: isTLS))
    }

    @Test(arguments: ["https://a:1,b:2", "https://a", "https://", "https://user:secret@a:1", "https://a:1/x"])
    func whatNamesNoNodesIsRefusedAndNotRepeated(_ text: String) {
        do {
            _ = try ClusterEntry(parsing: text)
            Issue.record("it was taken")
        } catch {
            #expect(!"\(error)".contains("secret"))
        }
    }
}
