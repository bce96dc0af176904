import Dashboard
import Foundation
import Testing

@testable import TopCommand

@Suite(.timeLimit(.minutes(10))) struct ConfigTests {
    private func problem(_ text: String) -> Config.Problem? {
        do throws(Config.Problem) {
            _ = try Config(parsing: text)
            return nil
        } catch { return error }
    }

    /// A folder of its own, as a home for configuration.
    private func withFile(_ text: String?, _ body: ([String: String], String) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: home) }
        let environment = ["XDG_CONFIG_HOME": home]
        let path = try #require(ConfigFile.path(in: environment))
        if let text {
            try FileManager.default.createDirectory(atPath: home + "/shardtop", withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        try body(environment, path)
    }

    @Test func `all keys are read, with blanks and comments anywhere`() throws {
        let config = try Config(
            parsing:
                "\n# mine\n theme=light # by day\r\n\tascii = yes\nmouse=no\npoll = 250\nread-only = yes\naddresses = a:1 , b:2\n"
        )
        #expect(config.theme == .light)
        #expect(config.isASCII == true)
        #expect(config.hasMouse == false)
        #expect(config.isReadOnly == true)
        #expect(config.pollMilliseconds == 250)
        #expect(config.entry?.name == "a:1,b:2")
    }

    @Test func `an empty file says nothing`() throws { #expect(try Config(parsing: "") == Config()) }

    @Test func `the template says nothing as it is, and is right without its marks`() throws {
        #expect(try Config(parsing: ConfigFile.template) == Config())
        let used = ConfigFile.template.split(separator: "\n").map { line in
            line.hasPrefix("#") && !line.hasPrefix("# ") ? String(line.dropFirst()) : String(line)
        }
        let config = try Config(parsing: used.joined(separator: "\n"))
        #expect(config.theme == .dark)
        #expect(config.isASCII == false)
        #expect(config.pollMilliseconds == 1_000)
        #expect(config.entry != nil)
        #expect(config.ringsBell == false && config.alertCommand?.hasPrefix("notify-send") == true)
    }

    @Test(arguments: [
        ("theme", "'theme' is not of the form key = value"), ("theme = blue", "'blue' is no theme: dark, light, mono"),
        ("ascii = maybe", "'maybe' is no ascii: yes or no"), ("poll = 5", "'5' is no poll: 100 to 60000 milliseconds"),
        ("poll = 1s", "'1s' is no poll: 100 to 60000 milliseconds"),
        ("addresses = a:1,b", "'a:1,b' is no addresses: 'b' is not an address of the form host:port"),
        ("theme =", "'' is no theme: dark, light, mono"),
        (
            "thema = dark",
            "there is no key 'thema'; did you mean 'theme'? There are theme, ascii, mouse, poll, read-only, addresses, remember, alert-bell, alert-command"
        ),
        (
            "Address = a:1",
            "there is no key 'Address'; did you mean 'addresses'? There are theme, ascii, mouse, poll, read-only, addresses, remember, alert-bell, alert-command"
        ),
    ])
    func `a mistake is told with its line and what is allowed`(line: String, words: String) {
        #expect(problem("# first\n\n\(line)\n") == Config.Problem(line: 3, words: words))
    }

    @Test(arguments: ["colour", "color", "x", "refresh", "p", "themes-and-more", "日本"])
    func `a word that is near none is not taken for one`(_ name: String) {
        let words = problem("\(name) = 1")?.words ?? ""
        #expect(
            words
                == "there is no key '\(name)'. There are theme, ascii, mouse, poll, read-only, addresses, remember, alert-bell, alert-command"
        )
    }

    @Test(arguments: [
        ("POLL", "poll"), ("pol", "poll"), ("tehme", "theme"), ("readonly", "read-only"), ("read_only", "read-only"),
        ("adress", "addresses"), ("mose", "mouse"), ("ASCII ", "ascii"),
    ])
    func `a slip of the hand is seen`(_ name: String, _ meant: String) {
        #expect(problem("\(name) = 1")?.words.contains("did you mean '\(meant)'?") == true)
    }

    @Test func `what a file holds is shown as far as a terminal bears it`() {
        let words = problem("a\u{1B}[31m\u{7}" + String(repeating: "x", count: 5_000))?.words ?? ""
        #expect(words.hasPrefix("'a?[31m?xxx") && words.count < 150)
    }

    @Test func `what is no file of settings is told with what it is`() throws {
        try withFile("") { environment, path in
            func failure() -> Failure? { #expect(throws: Failure.self) { _ = try ConfigFile.load(in: environment) } }
            let files = FileManager.default
            try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: path))
            #expect(failure()?.status == .wrongConfig && failure()?.words.contains("no text in UTF-8") == true)
            try Data(count: 1_000_001).write(to: URL(fileURLWithPath: path))
            #expect(failure()?.status == .wrongConfig && failure()?.words.contains("is larger than") == true)
            try files.removeItem(atPath: path)
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
            #expect(
                failure()?.status == .fileTrouble && failure()?.words.contains("it is a folder, not a file") == true)
            try files.removeItem(atPath: path)
            #expect(mkfifo(path, 0o600) == 0)
            #expect(failure()?.status == .fileTrouble && failure()?.words.contains("it is no plain file") == true)
            try files.removeItem(atPath: path)
            let target = path + "-elsewhere"
            try "theme = mono".write(toFile: target, atomically: true, encoding: .utf8)
            try files.createSymbolicLink(atPath: path, withDestinationPath: target)
            #expect(try ConfigFile.load(in: environment).theme == .mono)
        }
    }

    @Test func `a key stands once`() {
        #expect(
            problem("poll = 500\npoll = 600") == Config.Problem(line: 2, words: "'poll' stands in line 1 already"))
    }

    @Test func `the path follows the XDG specification`() {
        #expect(ConfigFile.path(in: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/shardtop/config")
        #expect(ConfigFile.path(in: ["XDG_CONFIG_HOME": "x", "HOME": "/h"]) == "/h/.config/shardtop/config")
        #expect(ConfigFile.path(in: ["HOME": "/h"]) == "/h/.config/shardtop/config")
        #expect(ConfigFile.path(in: [:]) == nil)
    }

    @Test func `a mistake in the file names the file`() throws {
        try withFile("poll = 0") { environment, path in
            let failure = #expect(throws: Failure.self) { _ = try ConfigFile.load(in: environment) }
            #expect(failure?.status == .wrongConfig)
            #expect(failure?.words == "\(path), line 1: '0' is no poll: 100 to 60000 milliseconds")
        }
    }

    @Test func `the file is made once and never overwritten`() throws {
        try withFile(nil) { environment, path in
            #expect(try ConfigFile.load(in: environment) == Config())
            try ConfigFile.write(to: path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == ConfigFile.template)
            try "theme = mono".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: Failure.self) { try ConfigFile.write(to: path) }
            #expect(try ConfigFile.load(in: environment).theme == .mono)
        }
    }

    @Test func `flags win over the file, the file over the defaults`() throws {
        let config = try Config(parsing: "theme = light\nascii = yes\nmouse = no\npoll = 250")
        func look(_ arguments: [String]) throws -> DashboardLook {
            try #require(try ShardTop.parseAsRoot(["replay", "x.rec"] + arguments) as? ReplayCommand).look.look(config)
        }
        #expect(try look([]) == DashboardLook(theme: .light, isASCII: true, hasMouse: false, pollMilliseconds: 250))
        #expect(
            try look(["--theme", "mono", "--no-ascii", "--mouse"])
                == DashboardLook(theme: .mono, isASCII: false, hasMouse: true, pollMilliseconds: 250))
        let bare = try #require(try ShardTop.parseAsRoot(["replay", "x.rec"]) as? ReplayCommand)
        #expect(bare.look.look(Config()) == DashboardLook(theme: nil, isASCII: false, pollMilliseconds: 1_000))
    }

    @Test func `addresses of the file come after those of the environment`() throws {
        try withFile("addresses = c:3") { environment, _ in
            let bare = try #require(try ShardTop.parseAsRoot(["status"]) as? StatusCommand)
            #expect(try bare.cluster.entry(environment: environment).name == "c:3")
            let both = environment.merging(["SHARDTOP_AT": "b:2"]) { $1 }
            #expect(try bare.cluster.entry(environment: both).name == "b:2")
            let flagged = try #require(try ShardTop.parseAsRoot(["status", "--at", "a:1"]) as? StatusCommand)
            #expect(try flagged.cluster.entry(environment: both).name == "a:1")
        }
    }
}
