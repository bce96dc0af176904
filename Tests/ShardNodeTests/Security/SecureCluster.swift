import Foundation
import PaperAuthority
import ShardCore
import Testing

@testable import ShardNode

/// Files for nodes of a closed cluster, and nodes with them.
struct SecureCluster {
    let folder: PaperFolder
    let authority: PaperAuthority

    init() throws {
        folder = try PaperFolder()
        authority = try PaperAuthority()
        try folder.write("ca.pem", authority.certificate, mode: 0o644)
        try folder.write("secret", "a secret of twenty-four bytes\n")
    }

    /// Writes a node's pair, under its name.
    func pair(
        _ name: String, authority: PaperAuthority? = nil, hosts: [String] = [], addresses: [String] = ["127.0.0.1"],
        endsIn seconds: Double = 86_400
    ) throws {
        let pair = try (authority ?? self.authority).pair(name, hosts: hosts, addresses: addresses, endsIn: seconds)
        // The key first: while the two do not fit, the old pair stays in force.
        try folder.write("\(name).key", pair.key)
        try folder.write("\(name).pem", pair.certificate, mode: 0o644)
    }

    func path(_ file: String) -> String { "\(folder.path)/\(file)" }

    func tls(_ name: String, _ settings: inout NodeSettings) {
        settings.certificateFile = .init(name: "--tls-cert", text: path("\(name).pem"))
        settings.keyFile = .init(name: "--tls-key", text: path("\(name).key"))
        settings.authorityFile = .init(name: "--tls-ca", text: path("ca.pem"))
    }

    func secret(_ settings: inout NodeSettings, _ name: String = "secret") {
        settings.clusterSecretFile = .init(name: "--cluster-secret-file", text: path(name))
    }

    static let accepter = testAddress
    static let dialler = NodeAddress("127.0.0.1:8082")!

    /// Two nodes, of which one sends the other a message, by a link that it opens for that.
    ///
    /// - Parameters:
    ///   - accepter, dialler: their settings.
    ///   - meant: what the dialler takes the accepter for.
    ///   - body: gets the accepter and the dialler.
    static func withTwo(
        accepter: NodeSettings = NodeSettings(), dialler: NodeSettings = NodeSettings(),
        meant: NodeAddress = SecureCluster.accepter,
        _ body: (RunningNode, RunningNode) async throws -> Void
    ) async throws {
        try await RunningNode.with(settings: accepter) { accepting in
            var settings = dialler
            if settings.socketAddress == nil {
                settings.socketAddress = .init(name: "SOCKET_ADDRESS", text: Self.dialler.description)
            }
            settings.reach = .init(name: "--reach", text: "\(meant)=127.0.0.1:\(accepting.port)")
            try await RunningNode.with(settings: settings) { try await body(accepting, $0) }
        }
    }

    static func message(from node: NodeAddress = dialler) -> Envelope {
        Envelope(from: node, cluster: nil, incarnation: 1 << 20, epoch: 0, timestamp: 1, message: .leaving)
    }

    /// True once a message of the dialler arrived.
    static func arrives(_ accepter: RunningNode, _ dialler: RunningNode) async -> Bool {
        await eventually {
            dialler.record.direct(.send(message(), to: Self.accepter))
            return accepter.record.value.messages.contains { $0.from == Self.dialler }
        }
    }

    /// What both said in their events once each refused, or was refused, something.
    static func refusals(_ accepter: RunningNode, _ dialler: RunningNode) async throws -> (String, String) {
        #expect(
            try await eventually {
                dialler.record.direct(.send(message(), to: Self.accepter))
                let here = try await accepter.value { $0.core.security.state.refusedLinks }
                let there = try await dialler.value { $0.core.security.state.refusedByPeers }
                return here > 0 && there > 0
            })
        #expect(accepter.record.value.messages.isEmpty)
        return (try await words(accepter), try await words(dialler))
    }

    static func words(_ node: RunningNode) async throws -> String {
        try await node.value { parts in
            let page = parts.core.events.page(after: 0, incarnation: 0)
            return page.events.map(\.text).joined(separator: "\n")
        }
    }
}
