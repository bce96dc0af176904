import Foundation

/// The same work by redis, where it is installed.
struct Redis: Measurement {
    let sizes: RoundOptions

    func measure(_ programs: Programs, _ report: Report) async throws {
        guard Self.isInstalled("redis-server"), Self.isInstalled("redis-benchmark"),
            Self.isInstalled("redis-cli")
        else {
            return report.skip("redis", "redis-server, redis-benchmark and redis-cli are not on the PATH")
        }
        let cluster = try await BenchCluster.start(programs, nodes: 4, shardCount: 2, port: sizes.port + 40)
        let keys = cluster.keys(1_024, ofShard: cluster.firstShard)
        let puts = Requests.single(keys.map { Requests.put($0) })
        let gets = Requests.single(keys.map { Requests.get($0) })
        let port = sizes.port + 60
        let server = try programs.launch(
            "/usr/bin/env", ["redis-server", "--port", "\(port)", "--save", "", "--appendonly", "no"])
        // It does not end on a signal while it is asked to keep nothing.
        defer { _ = try? programs.output("/usr/bin/env", ["redis-cli", "-p", "\(port)", "shutdown", "nosave"]) }
        try await awaitOwn(server, programs, port)
        for (name, test, items) in [("PUT", "set", puts), ("GET", "get", gets)] {
            var ratios: [Double] = []
            var rates: [Double] = []
            for round in 0...sizes.rounds {
                let node = try await sizes.generator(items, cluster.port).run()
                let redis = try benchmark(programs, test, port)
                if round > 0 {
                    ratios.append(node / redis)
                    rates.append(redis)
                }
            }
            report.add("redis \(test)", rates, unit: "/s")
            report.add("\(name) of own keys, of redis \(test)", ratios, unit: "x", goal: .atLeast(0.8))
        }
        programs.stop()
    }

    /// Another redis may be on that port, with settings of its own.
    private func awaitOwn(_ server: Process, _ programs: Programs, _ port: Int) async throws {
        try await Programs.await("the redis that was started does not answer on port \(port)", withinSeconds: 5) {
            let info = try programs.output("/usr/bin/env", ["redis-cli", "-p", "\(port)", "info", "server"])
            return info.contains("process_id:\(server.processIdentifier)\r")
        }
    }

    private func benchmark(_ programs: Programs, _ test: String, _ port: Int) throws -> Double {
        let text = try programs.output(
            "/usr/bin/env",
            [
                "redis-benchmark", "-p", "\(port)", "-t", test, "-n", "\(sizes.requests)", "-c", "\(sizes.connections)",
                "-d", "20", "-r", "1024", "--csv",
            ])
        // "SET","61349.69",…
        let line = text.split(separator: "\n").last { $0.lowercased().contains("\"\(test)\"") }
        guard let rate = line?.split(separator: "\"").dropFirst(2).first.flatMap({ Double($0) }) else {
            throw Programs.Problem("redis-benchmark says something else than expected: \(text.prefix(200))")
        }
        return rate
    }

    static func isInstalled(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
        }
    }
}
