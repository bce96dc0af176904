import ArgumentParser
import ClusterSecurity
import Foundation
import HostSystem

struct TokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Say who may do what at shardnodes, in the file that they read.",
        discussion: """
            A token is printed once, when it is made; the file holds its SHA-256. Nodes read the file again when it \
            changes. Roles are read, write (reads too) and operate (all).

              shardtop tokens add tokens --name anna --role operate > anna.token
              shardtop tokens add tokens --name backup --role read --certificate
              shardtop tokens list tokens
              shardtop tokens check tokens < anna.token
              shardtop tokens remove tokens anna
            """,
        subcommands: [
            AddTokenCommand.self, ListTokensCommand.self, RemoveTokenCommand.self, CheckTokenCommand.self,
        ])
}

extension TokenRole: ExpressibleByArgument {}

/// The file as commands read and write it.
private struct TokensOnDisk {
    let path: String
    var file: TokenFile

    /// - Parameter mayBeNew: a file that is not there has no entries.
    init(_ path: String, mayBeNew: Bool = false) throws {
        self.path = path
        guard !mayBeNew || FileManager.default.fileExists(atPath: path) else {
            file = TokenFile()
            return
        }
        do {
            let bytes = try SecretFile.read(path, bytesMax: TokenFile.bytesMax)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Failure(.fileTrouble, "'\(path)' is no text in UTF-8")
            }
            file = try TokenFile(parsing: text)
        } catch let problem as TokenFileProblem {
            throw Failure(.fileTrouble, "'\(path)': \(problem)")
        } catch let refusal as SecretFile.Refusal {
            throw Failure(.fileTrouble, refusal.description)
        }
    }

    func save() throws {
        do throws(SecretFile.Refusal) {
            try SecretFile.write(Array(file.text.utf8), to: path, replaces: true)
        } catch {
            throw Failure(.fileTrouble, error.description)
        }
    }
}

private struct AddTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a token, print it once, and enter it into the file.")

    @Argument(help: "The nodes' token file; it is made where it is not there.") var file: String
    @Option(help: "Whose it is.") var name: String
    @Option(help: "What it allows: read, write or operate.") var role: TokenRole
    @Flag(help: "Make no token: the client certificate whose common name is the name stands for one.")
    var certificate = false

    func run() async throws {
        try await Failure.reported {
            var tokens = try TokensOnDisk(file, mayBeNew: true)
            let token = certificate ? nil : Token.make()
            do throws(TokenFileProblem) {
                try tokens.file.add(
                    .init(name: name, role: role, proof: token.map { .token($0.digest) } ?? .certificate))
            } catch {
                throw Failure(.failed, error.description)
            }
            try tokens.save()
            if let token { Output.line(token.revealed) }
        }
    }
}

private struct ListTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Tell who may do what.")

    @Argument(help: "The nodes' token file.") var file: String
    @Flag(help: "Print them as JSON.") var json = false

    private struct Line: Encodable {
        let name: String
        let role: String
        let proof: String

        init(_ entry: TokenFile.Entry) {
            name = entry.name
            role = entry.role.rawValue
            proof = entry.proof == .certificate ? "certificate" : "token"
        }
    }

    func run() async throws {
        try await Failure.reported {
            let lines = try TokensOnDisk(file).file.entries.map(Line.init)
            if json { return try Output.json(lines) }
            let width = (lines.map(\.name.count).max() ?? 0) + 2
            for line in lines {
                Output.line(Words.padded(line.name, width) + Words.padded(line.role, 9) + "by \(line.proof)")
            }
        }
    }
}

private struct RemoveTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take somebody's rights: nodes refuse the token once they read the file.")

    @Argument(help: "The nodes' token file.") var file: String
    @Argument(help: "Whose token it is.") var name: String

    func run() async throws {
        try await Failure.reported {
            var tokens = try TokensOnDisk(file)
            guard tokens.file.remove(name) else { throw Failure(.failed, "'\(file)' has nobody named '\(name)'") }
            try tokens.save()
        }
    }
}

private struct CheckTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Tell whose token standard input holds, and what it allows.")

    @Argument(help: "The nodes' token file.") var file: String

    private static let lineBytesMax = 4_096

    func run() async throws {
        try await Failure.reported {
            let tokens = try TokensOnDisk(file)
            let read = (try? FileHandle.standardInput.read(upToCount: Self.lineBytesMax)) ?? Data()
            let text = String(decoding: read, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            guard let token = Token(text) else {
                throw Failure(.failed, "standard input holds no token: it is one word of ASCII")
            }
            guard let entry = tokens.file.entry(of: token) else {
                throw Failure(.notPermitted, "nobody in '\(file)' has that token")
            }
            Output.line("\(entry.name) \(entry.role.rawValue)")
        }
    }
}
