import ArgumentParser
import Certificates
import Foundation

struct CertsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs", abstract: "Make the certificates of a cluster of shardnodes, and see when they end.",
        discussion: """
            An authority is made once, in a folder that stays where it is; each node gets a pair that it signs.

              shardtop certs init ca
              shardtop certs node ca 10.0.0.1:8081 node-1.example
              shardtop certs client ca anna
              shardtop certs show ca
              shardtop certs node ca 10.0.0.1:8081 --renew
            """,
        subcommands: [
            AuthorityCommand.self, NodeCertificateCommand.self, ClientCertificateCommand.self,
            ShowCertificatesCommand.self,
        ])
}

/// For how long a certificate is valid, and what becomes of one that is there.
struct PairOptions: ParsableArguments {
    @Option(help: "For how many days it is valid; not beyond the authority's own end.") var days = CertificateFolder
        .days
    @Flag(help: "Make a new certificate for the key that is there, in place of the old one.") var renew = false
    @Flag(help: "With --renew: make a new key too.") var newKey = false

    func validate() throws {
        guard !newKey || renew else { throw ValidationError("--new-key is for --renew.") }
    }

    var renewal: CertificateFolder.Renewal { newKey ? .certificateAndKey : renew ? .certificate : .none }
}

extension CertificateTrouble: EndingError {
    var status: ExitStatus { kind == .file ? .fileTrouble : .failed }
}

private struct AuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make an authority: ca.pem for everybody, ca.key for nobody else.")

    @Argument(help: "The folder; it is made where it is not there.") var folder: String
    @Option(help: "The authority's name.") var name = "shardnode authority"
    @Option(help: "For how many days it is valid.") var days = CertificateFolder.authorityDays

    func run() async throws {
        try await Failure.reported {
            CertificateText.tell(try CertificateFolder(folder).makeAuthority(named: name, days: days))
        }
    }
}

private struct NodeCertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Make a node's pair of certificate and key, named after its first address.")

    @Argument(help: "The authority's folder.") var folder: String
    @Argument(
        help: ArgumentHelp(
            "Where the node is reached: host:port or a host, an IP address or a name; all that peers and clients "
                + "dial.", valueName: "address"))
    var addresses: [String]
    @OptionGroup var pair: PairOptions

    func run() async throws {
        try await Failure.reported {
            CertificateText.tell(
                try CertificateFolder(folder).makeNode(addresses, days: pair.days, renewal: pair.renewal))
        }
    }
}

private struct ClientCertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Make a client's pair; a line 'NAME ROLE cert' in the nodes' token file says what it may do.")

    @Argument(help: "The authority's folder.") var folder: String
    @Argument(help: "Whose it is.") var name: String
    @OptionGroup var pair: PairOptions

    func run() async throws {
        try await Failure.reported {
            CertificateText.tell(
                try CertificateFolder(folder).makeClient(named: name, days: pair.days, renewal: pair.renewal))
        }
    }
}

private struct ShowCertificatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Tell whose certificates are in a folder, and when they end.")

    @Argument(help: "The authority's folder.") var folder: String
    @Flag(help: "Print them as JSON.") var json = false

    func run() async throws {
        try await Failure.reported {
            let listed = try CertificateFolder(folder).list()
            let now = Date()
            if json { return try Output.json(listed.map { CertificateText.Line($0, now: now) }) }
            CertificateText.table(listed, now: now).forEach(Output.line)
        }
    }
}
