import Foundation
import NIOCore
import ShardCore

/// Real nodes on ports one after the other, and what a benchmark has to know of them.
struct BenchCluster {
    let port: Int
    let processes: [Process]
    /// The founding layout, computed here as each node computes it.
    let layout: Layout

    /// Starts the nodes and waits until all serve.
    static func start(
        _ programs: Programs, nodes: Int, shardCount: Int, port: Int, extra: (Int) -> [String] = { _ in [] }
    ) async throws -> BenchCluster {
        let addresses = (0..<nodes).compactMap { NodeAddress("127.0.0.1:\(port + $0)") }
        let view = addresses.map(\.description).joined(separator: ",")
        let processes = try addresses.enumerated().map { number, address in
            try programs.start(
                "shardnode", ["--log-level", "error"] + extra(number),
                ["SOCKET_ADDRESS": address.description, "VIEW": view, "SHARD_COUNT": "\(shardCount)"])
        }
        let layout = Layout.founding(nodes: addresses, shardCount: shardCount)
        let cluster = BenchCluster(port: port, processes: processes, layout: layout)
        for number in 0..<nodes { try await cluster.awaitServing(number) }
        return cluster
    }

    func port(of node: NodeAddress) -> Int { node.port }

    /// The keys among the first that a shard owns.
    func keys(_ count: Int, ofShard shard: Int) -> [String] {
        var keys: [String] = []
        var number = 0
        while keys.count < count {
            let key = Requests.key(number)
            if layout.shard(ofKey: key) == shard { keys.append(key) }
            number += 1
        }
        return keys
    }

    /// The shard of the first node.
    var firstShard: Int { NodeAddress("127.0.0.1:\(port)").flatMap(layout.shard) ?? 0 }

    func awaitServing(_ number: Int) async throws {
        try await Programs.await("the node on port \(port + number) does not serve", withinSeconds: 60) {
            guard let state = try? await HTTP.answer(port + number, "GET", "/shardnode/v1/state"),
                let count = try? await HTTP.answer(port + number, "GET", "/shard/key-count/0")
            else { return false }
            return state.contains(#""state":"serving""#) && count.hasPrefix("HTTP/1.1 200")
        }
    }

    /// Puts the keys `0 ..< count` into the cluster, each through a member of its shard, pipelined.
    ///
    /// - Returns: keys a second.
    func load(_ count: Int) async throws -> Double {
        var byShard = [[ByteBuffer]](repeating: [], count: layout.shardCount)
        for number in 0..<count {
            let key = Requests.key(number)
            byShard[layout.shard(ofKey: key)].append(Requests.put(key))
        }
        let connections = 4
        let generators = zip(layout.shards, byShard).compactMap { members, puts -> LoadGenerator? in
            guard let member = members.first, !puts.isEmpty else { return nil }
            let items = Requests.pipelined(puts, depth: 64)
            // The last items of some connections are sent twice, which changes nothing.
            return LoadGenerator(
                port: member.port, items: items, connections: connections,
                itemsPerConnection: (items.count + connections - 1) / connections)
        }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for generator in generators { tasks.addTask { _ = try await generator.run() } }
            try await tasks.waitForAll()
        }
        return Double(count) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Waits until every member has what the others of its shard wrote.
    func awaitReplicas() async throws {
        try await Programs.await("the replicas are not equal", withinSeconds: 120) {
            for number in processes.indices {
                let state = try await HTTP.answer(port + number, "GET", "/shardnode/v1/state")
                // Null for nodes of other shards.
                if !state.contains(#""lagWrites":0"#) || state.contains(/"lagWrites":[1-9]/) { return false }
            }
            return true
        }
    }

    /// Ends the other members of the first node's shard, and waits until it has noticed.
    func endReplicas() async throws {
        let others = layout.shards[firstShard].filter { $0.port != port }
        for member in others { processes[member.port - port].terminate() }
        try await Programs.await("the first node does not notice that its replicas ended", withinSeconds: 20) {
            let state = try await HTTP.answer(port, "GET", "/shardnode/v1/state")
            return state.components(separatedBy: #""health":"down""#).count > others.count
        }
    }

    func resident(_ number: Int) -> Double? { Resident.bytes(of: processes[number].processIdentifier) }
}

/// The memory of other processes.
enum Resident {
    /// Nil if the system does not tell.
    static func bytes(of process: Int32) -> Double? { field("VmRSS:", of: process) }

    /// The most it was since the start, or since ``resetPeak(of:)``; nil if the system does not tell.
    static func peakBytes(of process: Int32) -> Double? { field("VmHWM:", of: process) }

    /// Lets the peak begin anew at what is resident now. False if the system cannot.
    static func resetPeak(of process: Int32) -> Bool {
        // Source: proc_pid_clear_refs(5).
        FileManager.default.isWritableFile(atPath: "/proc/\(process)/clear_refs")
            && (try? "5".write(toFile: "/proc/\(process)/clear_refs", atomically: false, encoding: .utf8)) != nil
    }

    private static func field(_ name: String, of process: Int32) -> Double? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Double($0) })
        else { return nil }
        return kilobytes * 1_024
    }
}

/// One request at a time, where nothing is timed closely.
enum HTTP {
    /// The head and the body.
    static func answer(_ port: Int, _ method: String, _ path: String, _ body: String? = nil) async throws -> String {
        try await Probe.ask(port, Requests.bytes(method, path, body))
    }

    /// The value of the field `name` in a JSON text, up to the next comma or brace and without quotes; nil if there
    /// is none.
    static func field(_ name: String, in json: String) -> String? {
        guard let start = json.range(of: "\"\(name)\":") else { return nil }
        let rest = json[start.upperBound...]
        if rest.first == "\"" { return rest.dropFirst().split(separator: "\"").first.map(String.init) }
        return rest.prefix { $0 != "," && $0 != "}" }.description
    }
}
