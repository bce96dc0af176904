import Foundation
import ShardClient
import ShardCore
import ShardWire

extension Trial {
    /// Files may grow no further: what a full disk looks like to a process.
    static func fullDisk(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 8)
            ) {
                try await awaitWork(load, 400)
                var report = Report()
                for node in cluster.nodes { try limitFiles(of: node, cluster, to: "1024") }
                options.tell("no file may grow any more")
                let before = load.counts
                let end = ContinuousClock.now + TrialCluster.patience
                while load.counts.refused < before.refused + 50 || load.counts.reads < before.reads + 50 {
                    guard ContinuousClock.now < end else {
                        report.problems.append(
                            "with a full disk \(load.counts.refused - before.refused) writes were refused and "
                                + "\(load.counts.reads - before.reads) reads answered")
                        break
                    }
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await Task.sleep(for: .seconds(options.seconds / 6))
                for node in cluster.nodes where !cluster.isRunning(node) {
                    report.problems.append("\(node) did not survive its full disk")
                }
                for node in cluster.nodes { try limitFiles(of: node, cluster, to: "unlimited") }
                options.tell("files may grow again")
                let writes = load.counts.writes
                while load.counts.writes < writes + 200 {
                    guard ContinuousClock.now < end else { throw TrialError("no writes after the disk was free again") }
                    try await Task.sleep(for: .milliseconds(20))
                }
                return report
            }
            try await finish(&report, load, cluster, transport)
            // Every write that was answered is on the disks, so the death of all nodes must lose none.
            for node in cluster.nodes { cluster.kill9(node) }
            for node in cluster.nodes { try cluster.start(node) }
            try await cluster.awaitAgreement(transport)
            report.problems += try await load.judgeEnd().problems
            return report
        }
    }

    private static func limitFiles(of node: NodeAddress, _ cluster: TrialCluster, to limit: String) throws {
        guard let id = cluster.processID(node) else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        // The soft limit alone, so that it can be raised again.
        process.arguments = ["--pid", "\(id)", "--fsize=\(limit):"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TrialError("prlimit cannot limit the files of \(node)") }
    }

    static func pause(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let client = ClusterClient(nodes: cluster.nodes, transport: transport)
            let value = JSONText.string(String(repeating: "v", count: 20))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<64 {
                    group.addTask {
                        for index in stride(from: lane, to: options.keyCount, by: 64) {
                            _ = try await client.put("bulk-\(index)", value: value)
                        }
                    }
                }
                try await group.waitForAll()
            }
            options.tell("loaded \(options.keyCount) keys")
            try await cluster.awaitAgreement(transport)
            let load = Load(cluster, transport, keyCount: 200)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 4)
            ) {
                try await awaitWork(load, 100)
                var report = Report()
                for count in [3, 2, 3, 2, 3, 2] {
                    let progress = try await reshard(to: count, at: cluster, transport)
                    report.resharded.append(count)
                    if let pause = progress?.writePauseMicroseconds {
                        report.pauseMilliseconds.append(Double(pause) / 1_000)
                    }
                    try await awaitWork(load, 200)
                }
                return report
            }
            if let slow = load.readMilliseconds99 { report.milliseconds.append(("99 % of reads within", slow)) }
            try await finish(&report, load, cluster, transport)
            return report
        }
    }
}

/// The ways in which a running node's files are lost.
private enum LostFile: CaseIterable {
    case deleted, logDeleted, folderMoved, folderDeleted, replaced, cut

    private static let name = "shardnode.sqlite"

    func happen(in folder: String) throws {
        let (files, file) = (FileManager.default, "\(folder)/\(Self.name)")
        switch self {
        case .deleted: try files.removeItem(atPath: file)
        case .logDeleted: try files.removeItem(atPath: file + "-wal")
        case .folderMoved: try files.moveItem(atPath: folder, toPath: folder + "-moved")
        case .folderDeleted: try files.removeItem(atPath: folder)
        case .replaced: try Data("of another program".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        // The log has everything yet, as long as it is as short as here.
        case .cut: try FileHandle(forWritingTo: URL(fileURLWithPath: file)).truncate(atOffset: 0)
        }
    }

    static func isThere(in folder: String) -> Bool {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(name)-wal") else { return false }
        let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
        return (size ?? 0) > 100
    }
}

extension Trial {
    /// Files are lost as to an operator's mistake, a different one at each node.
    static func lostFiles(_ options: Options) async throws -> Report {
        try await TrialCluster.with(options.setup) { cluster, transport in
            let load = Load(cluster, transport, keyCount: options.keyCount)
            var report = try await whileLoaded(
                load, seed: options.seed, homes: Array(repeating: cluster.nodes, count: 8)
            ) {
                try await awaitWork(load, 400)
                for (index, node) in cluster.nodes.enumerated() {
                    let loss = LostFile.allCases[index % LostFile.allCases.count]
                    try loss.happen(in: cluster.dataFolder(of: node))
                    options.tell("\(node): \(loss)")
                }
                let end = ContinuousClock.now + TrialCluster.patience
                while let node = cluster.nodes.first(where: { !LostFile.isThere(in: cluster.dataFolder(of: $0)) }) {
                    guard ContinuousClock.now < end else { throw TrialError("\(node) writes no fresh file") }
                    try await Task.sleep(for: .milliseconds(20))
                }
                try await awaitWork(load, 400)
                try await Task.sleep(for: .seconds(options.seconds))
                for node in cluster.nodes { cluster.kill9(node) }
                for node in cluster.nodes { try cluster.start(node) }
                try await cluster.awaitAgreement(transport)
                return Report()
            }
            try await finish(&report, load, cluster, transport)
            return report
        }
    }
}
