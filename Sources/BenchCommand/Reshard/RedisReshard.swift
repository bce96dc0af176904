import Foundation

/// The same by redis, where it is installed: slots with their keys move from one node of a cluster to another.
struct RedisReshard: Measurement {
    let port: Int
    /// Over all three nodes.
    let keys: Int
    /// Keys that change their shard, a second, of this store's reshards in the same run.
    let ownRates: [Double]

    func measure(_ programs: Programs, _ report: Report) async throws {
        guard Redis.isInstalled("redis-server"), Redis.isInstalled("redis-cli") else {
            return report.skip("redis' cluster reshard", "redis-server and redis-cli are not on the PATH")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shardbench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let ports = (0..<3).map { port + $0 }
        for port in ports {
            _ = try programs.launch(
                "/usr/bin/env",
                [
                    "redis-server", "--port", "\(port)", "--save", "", "--appendonly", "no", "--cluster-enabled", "yes",
                    "--cluster-config-file", "\(port).conf", "--dir", folder.path,
                ])
        }
        // They do not end on a signal while they are asked to keep nothing.
        defer { for port in ports { _ = try? cli(programs, port, "shutdown", "nosave") } }
        for port in ports { try await awaitAnswer(programs, port, "ping", "PONG") }
        let addresses = ports.map { "127.0.0.1:\($0)" }
        _ = try programs.output(
            "/usr/bin/env", ["redis-cli", "--cluster", "create"] + addresses + ["--cluster-yes"])
        for port in ports { try await awaitAnswer(programs, port, "cluster", "info", "cluster_state:ok") }
        try load(folder, ports)

        let ids = try ports.map { try cli(programs, $0, "cluster", "myid") }
        var rates: [Double] = []
        // A third of a node's slots each time, around the circle.
        for round in ports.indices {
            let (from, to) = (round, (round + 1) % ports.count)
            let before = try size(programs, ports[to])
            let start = ContinuousClock.now
            _ = try programs.output(
                "/usr/bin/env",
                [
                    "redis-cli", "--cluster", "reshard", addresses[0], "--cluster-from", ids[from], "--cluster-to",
                    ids[to],
                    "--cluster-slots", "1820", "--cluster-yes",
                ])
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let moved = try size(programs, ports[to]) - before
            guard moved > 0 else { throw Programs.Problem("redis-cli moved no keys") }
            rates.append(Double(moved) / seconds)
        }
        report.add("redis-cli --cluster reshard, keys that move", rates, unit: "keys/s")
        let other = Report.median(rates)
        report.add(
            "keys that change their shard in a reshard, of redis-cli's", ownRates.map { $0 / other }, unit: "x",
            goal: .atLeast(10))
        programs.stop()
    }

    private func cli(_ programs: Programs, _ port: Int, _ words: String...) throws -> String {
        try programs.output("/usr/bin/env", ["redis-cli", "-p", "\(port)"] + words)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func size(_ programs: Programs, _ port: Int) throws -> Int {
        guard let count = Int(try cli(programs, port, "dbsize")) else {
            throw Programs.Problem("redis does not tell how many keys it has")
        }
        return count
    }

    private func awaitAnswer(_ programs: Programs, _ port: Int, _ words: String...) async throws {
        let wanted = words.last ?? ""
        try await Programs.await("redis on port \(port) does not say \(wanted)", withinSeconds: 20) {
            try programs.output("/usr/bin/env", ["redis-cli", "-p", "\(port)"] + words.dropLast()).contains(wanted)
        }
    }

    /// Offers every key to every node; each takes those of its slots.
    private func load(_ folder: URL, _ ports: [Int]) throws {
        let path = folder.appendingPathComponent("commands")
        let commands = (0..<keys).map { "SET \(Requests.key($0)) 18-bytes-of-a-value-\r\n" }.joined()
        try commands.write(to: path, atomically: false, encoding: .utf8)
        for port in ports {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["redis-cli", "-p", "\(port)", "--pipe"]
            process.standardInput = try FileHandle(forReadingFrom: path)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
        }
    }
}
