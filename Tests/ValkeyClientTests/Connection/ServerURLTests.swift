import ClientTLS
import Foundation
import Testing

@testable import ValkeyClient

@Suite struct ServerURLTests {
    @Test(arguments: [
        ("valkey://h:7000", "h:7000", false), ("valkeys://h:7000", "h:7000", true), ("redis://h", "h:6379", false),
        ("REDISS://h/", "h:6379", true), ("redis://[::1]:7000/0", "[::1]:7000", false),
        ("redis://[fe80::1%eth0]", "[fe80::1%eth0]:6379", false), ("redis://127.0.0.1:1/", "127.0.0.1:1", false),
    ])
    func `reads host port and TLS`(text: String, address: String, isTLS: Bool) throws {
        let url = try ServerURL(text)
        #expect(url.address.description == address)
        #expect(url.isTLS == isTLS)
        #expect(url.user == nil && url.password == nil)
        #expect(ServerURL.isMeant(text))
    }

    @Test(arguments: [
        ("redis://ann:pw@h", "ann", "pw"), ("redis://:pw@h", nil, "pw"), ("redis://ann@h", "ann", nil),
        ("redis://a%40b:p%2Fw%3A%25%C3%A9@h:1", "a@b", "p/w:%é"), ("redis://ann:p:w@h", "ann", "p:w"),
        ("redis://ann:p@w@h", "ann", "p@w"), ("redis://@h", nil, nil),
    ])
    func `reads user and password`(text: String, user: String?, password: String?) throws {
        let url = try ServerURL(text)
        #expect(url.user == user)
        #expect(url.password?.revealed == password)
        #expect(url.address.host == "h")
    }

    @Test(arguments: [
        ("h:7000", "begins with"), ("http://h", "another scheme"), ("://h", "another scheme"),
        ("redis://", "lacks a host"), ("redis://ann:planted@", "lacks a host"), ("redis://:7000", "not readable"),
        ("redis://h:", "not readable"), ("redis://h:0", "not readable"), ("redis://h:70000", "not readable"),
        ("redis://h:planted", "not readable"), ("redis://::1", "in brackets"), ("redis://[::1", "not readable"),
        ("redis://[h]:1", "only an IPv6"), ("redis://h/3", "only database 0"),
        ("redis://h/planted", "ends with its port"),
        ("redis://h?insecure", "no options"), ("redis://h/0?password=planted", "no options"),
        ("redis://h#planted", "ends with its port"), ("redis://ann:planted/x@h", "%2F"),
        ("redis://:planted#1@h:1", "%23"),
        ("redis://:planted?@h", "%3F"), ("redis://:planted%@h", "%25"), ("redis://:planted%ff@h", "UTF-8"),
        ("redis://:planted%00@h", "UTF-8"), ("redis://a b@h", "no spaces"), ("redis://h\u{1B}[2J", "no spaces"),
        ("redis://" + String(repeating: "planted", count: 1_000), "longer than"), ("", "begins with"),
    ])
    func `refuses in words without the secret`(text: String, words: String) {
        #expect {
            try ServerURL(text)
        } throws: { error in
            "\(error)".contains(words) && !"\(error)".contains("planted")
        }
    }

    @Test func `never crashes on what it cannot read`() {
        var random = Seeded(7)
        let alphabet = Array("redis://valkeys:@[]%/?#0123456789abcdef.-é ")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...30, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
            _ = try? ServerURL(Bool.random(using: &random) ? "redis://" + text : text)
        }
    }

    @Test func `hides its password`() throws {
        let url = try ServerURL("redis://ann:planted@h")
        var shown = "\(url) \(String(reflecting: url))"
        dump(url, to: &shown)
        #expect(!shown.contains("planted"))
    }
}

@Suite struct LoginSourcesTests {
    private func file(_ text: String, mode: Int = 0o600, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func sources(_ url: String, file: String? = nil, _ environment: [String: String] = [:]) throws
        -> LoginSources
    {
        LoginSources(url: try ServerURL(url), passwordFile: file, environment: environment)
    }

    @Test func `takes the file before the address before the environment`() throws {
        let environment = ["REDISCLI_AUTH": "of redis", "VALKEYCLI_AUTH": "of valkey"]
        try file("of the file\nmore\n") { path in
            let login = try sources("redis://ann:url@h", file: path, environment).login().login
            #expect(login.password?.revealed == "of the file")
            #expect(login.user == "ann")
        }
        #expect(try sources("redis://ann:url@h", environment).login().login.password?.revealed == "url")
        #expect(try sources("redis://ann@h", environment).login().login.password?.revealed == "of valkey")
        #expect(
            try sources("redis://h", ["REDISCLI_AUTH": "r", "VALKEYCLI_AUTH": ""]).login().login.password?.revealed
                == "r")
        #expect(try sources("redis://h").login().login == .open)
    }

    @Test func `warns of a password that others can see`() throws {
        let inURL = try sources("redis://:planted@h").login().warnings
        #expect(inURL.count == 1 && inURL[0].contains("processes") && !inURL[0].contains("planted"))
        try file("planted", mode: 0o644) { path in
            let warnings = try sources("redis://h", file: path).login().warnings
            #expect(warnings.count == 1 && warnings[0].contains("chmod 600") && !warnings[0].contains("planted"))
        }
        try file("planted") { path in
            let warnings = try sources("redis://h", file: path).login().warnings
            #expect(warnings.isEmpty)
        }
        #expect(try sources("redis://h", ["REDISCLI_AUTH": "x"]).login().warnings.isEmpty)
    }

    @Test func `names a file that is of no use`() throws {
        for text in ["", "\nplanted", "\u{0}".padding(toLength: 5_000, withPad: "planted", startingAt: 0)] {
            try file(text) { path in
                #expect { try sources("redis://h", file: path).login() } throws: {
                    "\($0)".contains(path) && !"\($0)".contains("planted")
                }
            }
        }
        for path in ["/nowhere/file", "/tmp"] {
            #expect { try sources("redis://h", file: path).login() } throws: { "\($0)".contains(path) }
        }
    }

    @Test func `speaks TLS as the address says`() throws {
        #expect(try sources("valkeys://h").login().login.tls == ServerTLS())
        var sources = try sources("valkeys://h")
        sources.tls = ServerTLS(insecure: true)
        #expect(try sources.login().warnings.count == 1)
        sources.url = try ServerURL("valkey://h")
        #expect { try sources.login() } throws: { "\($0)".contains("valkeys://") }
    }
}
