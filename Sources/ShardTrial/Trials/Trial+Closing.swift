import ClientTLS
import ShardClient
import ShardCore
import ShardWire

extension Trial {
    /// An open cluster becomes one that is closed by TLS and a secret, node by node, while clients work: first in plain HTTP,
    /// and by HTTPS once every node speaks that.
    static func closing(_ options: Options) async throws -> Report {
        let files = try ClosedFiles()
        return try await TrialCluster.with(options.setup) { cluster, plain in
            let opening = files.arguments + ["--accept-open-peers"]
            var report = try await restartAll(cluster, opening, options, plain, "plain")
            let access = NodeAccess(tls: files.tls)
            return try await NodeTransport.with(access: access, connectionsPerNodeMax: 64) { secure in
                let closed = try await restartAll(cluster, files.arguments, options, secure, "https")
                report.problems += closed.problems
                report.milliseconds += closed.milliseconds
                report.counts = closed.counts
                for node in cluster.nodes {
                    let security = try await cluster.nodeState(node, secure)?.security
                    if security?.peers != .tlsAndSecret || security?.acceptsOpenPeers != false {
                        report.problems.append("\(node) is not closed at the end")
                    }
                    // From here on nobody gets through who speaks plain HTTP.
                    if try await cluster.nodeState(node, plain) != nil {
                        report.problems.append("\(node) tells its state in plain HTTP")
                    }
                }
                report.lines.append("\(cluster.nodes.count) nodes were restarted twice, and clients went on meanwhile")
                return report
            }
        }
    }

    /// Starts one node after the other again while clients work, whose account must hold.
    private static func restartAll(
        _ cluster: TrialCluster, _ arguments: [String], _ options: Options, _ transport: NodeTransport, _ name: String
    ) async throws -> Report {
        let load = Load(cluster, transport, keyCount: options.keyCount, keyPrefix: name)
        var report = try await whileLoaded(load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 8)) {
            try await awaitWork(load, 200)
            for node in cluster.nodes {
                try await cluster.restart(node, arguments, whileDown: { try await awaitWork(load, 20) })
                try await cluster.awaitAgreement(transport)
            }
            let flags = arguments.filter { $0.hasPrefix("--") }.joined(separator: " ")
            options.tell("all nodes were restarted with \(flags)")
            return Report()
        }
        try await finish(&report, load, cluster, transport)
        return report
    }
}
