import ArgumentParser
import Foundation
import NIOCore
import NIOPosix

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "compare", abstract: "Run all comparisons.")

    @Option(help: "Connections at once.") var connections = 32
    @Option(help: "Requests of one round, over all connections.") var requests = 40_000
    @Option(help: "Rounds of each side, alternating.") var rounds = 7
    @Option(help: "The first of the ports used.") var port = 19_300

    func run() async throws {
        let programs = try Programs()
        defer { programs.stop() }
        do {
            try await compareRequests(programs)
            try await measureCluster(programs)
        } catch let problem as Programs.Problem {
            print("shardbench: \(problem)")
            throw ExitCode.failure
        }
    }

    /// One node, one key: its own requests beside those of the bare server that answers the same bytes.
    private func compareRequests(_ programs: Programs) async throws {
        let node = try programs.startCluster(nodes: 2, shardCount: 1, port: port)[0]
        try await awaitAnswer(port, "/kvs/key")
        try await Task.sleep(for: .seconds(1))
        print("an empty node: \(residentMegabytes(of: node)) MB resident")
        let put = request("PUT", "/kvs/key", #"{"value":"a value of some 20 b"}"#)
        let get = request("GET", "/kvs/key", nil)
        let stored = try await answer(port, "PUT", "/kvs/key", #"{"value":"a value of some 20 b"}"#)
        let found = try await answer(port, "GET", "/kvs/key", nil)
        try programs.start("shardbench", ["bare-server", "--port", "\(port + 8)", "--body", found])
        try programs.start("shardbench", ["bare-server", "--port", "\(port + 9)", "--body", stored])
        try await awaitAnswer(port + 8, "/")
        try await awaitAnswer(port + 9, "/")
        print("\(connections) connections, \(requests) requests a round, \(rounds) rounds of each side, alternating")
        try await compare("GET of an own key", get, barePort: port + 8)
        try await compare("PUT of an own key, one replica", put, barePort: port + 9)
    }

    private func compare(_ name: String, _ request: ByteBuffer, barePort: Int) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        func generator(_ port: Int) -> LoadGenerator {
            LoadGenerator(
                port: port, request: request, connections: connections,
                requestsPerConnection: max(1, requests / connections))
        }
        var node: [Double] = []
        var bare: [Double] = []
        // The first round of each warms up.
        for round in 0...rounds {
            let one = try await generator(port).run(on: group)
            let other = try await generator(barePort).run(on: group)
            if round > 0 {
                node.append(one)
                bare.append(other)
            }
        }
        let ratios = zip(node, bare).map { $0 / $1 }
        print(
            "\(name): \(Int(median(node)))/s, bare \(Int(median(bare)))/s, "
                + "ratio \(text(median(node) / median(bare))) (rounds \(text(ratios.min() ?? 0)) ... \(text(ratios.max() ?? 0)))"
        )
    }

    /// Six nodes: loading through `shardtop`, and a reshard.
    private func measureCluster(_ programs: Programs) async throws {
        _ = try programs.startCluster(nodes: 6, shardCount: 2, port: port + 20)
        for offset in 0..<6 { try await awaitAnswer(port + 20 + offset, "/view") }
        try await Task.sleep(for: .seconds(1))
        let seconds = try programs.run("shardtop", ["load", "10000", "--at", "127.0.0.1:\(port + 20)"])
        print("10,000 keys through shardtop load: \(text(seconds)) s, the program's start included")
        var times: [Double] = []
        for count in [3, 2, 3, 2, 3] {
            let begin = Date()
            _ = try await answer(port + 20, "PUT", "/shard/reshard", #"{"shard-count":\#(count)}"#)
            times.append(Date().timeIntervalSince(begin))
        }
        print(
            "reshard of 10,000 keys, 6 nodes, 2 to 3 and back: median \(text(median(times) * 1_000)) ms "
                + "(\(times.map { text($0 * 1_000) }.joined(separator: ", ")))")
    }

    // MARK: Helpers

    private func request(_ method: String, _ path: String, _ body: String?) -> ByteBuffer {
        let length = body.map { "Content-Type: application/json\r\nContent-Length: \($0.utf8.count)\r\n" } ?? ""
        return ByteBuffer(string: "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\(length)\r\n\(body ?? "")")
    }

    private func answer(_ port: Int, _ method: String, _ path: String, _ body: String?) async throws -> String {
        guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw Programs.Problem("bad URL") }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["curl", "-sS", "-m", "60", "-X", method, url.absoluteString]
            + (body.map { ["-d", $0] } ?? [])
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Programs.Problem("curl \(method) \(path) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private func awaitAnswer(_ port: Int, _ path: String) async throws {
        for _ in 0..<100 {
            if (try? await answer(port, "GET", path, nil)) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Programs.Problem("nothing answers on port \(port)")
    }

    private func residentMegabytes(of process: Process) -> String {
        guard let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Double($0) })
        else { return "(not known on this system)" }
        return text(kilobytes / 1_024)
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }

    private func text(_ value: Double) -> String { String(format: "%.2f", value) }
}
