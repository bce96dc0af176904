import Foundation
import LocalServers
import Subprocess
import ValkeyClient

#if canImport(System)
    import System
#else
    import SystemPackage
#endif

extension EngineCluster {
    /// The outcome of a check of the whole cluster, made while no client works.
    struct Check: Sendable {
        var problems: [String] = []
        /// Numbers of keys that are gone or changed.
        var differing: [Int] = []
    }

    private static let patience = Duration.seconds(10)

    /// Whether the nodes agree, all slots are covered and none is open, no job is left, the engine's own check finds
    /// nothing, every key is with its slot's owner, and none anywhere else.
    func check() async throws -> Check {
        var check = Check()
        do {
            try await cluster.awaitAgreement()
        } catch {
            check.problems.append("\(error)")
        }
        let topology = try await topology()
        let jobs = await runningJobs()
        if !jobs.isEmpty { check.problems.append("\(jobs.count) migrations are left running") }
        if let words = try await engineCheck(topology) { check.problems.append(words) }
        check.differing = try await keys.differing(topology, servers)
        let expected = keys.count - check.differing.count + (try await traffic.presentCount())
        // A node that lost a slot may still be dropping what it had of it.
        let end = ContinuousClock.now + Self.patience
        var held = try await heldCount()
        while held != expected, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            held = try await heldCount()
        }
        if held != expected {
            check.problems.append(
                "the primaries hold \(held) keys, and \(expected) were found with their owners\(try await strays())")
        }
        return check
    }

    private func heldCount() async throws -> Int {
        var held = 0
        for primary in try await topology().primaries {
            guard let address = primary.address else { continue }
            held += Int(try await servers.send(Command("DBSIZE"), to: address, within: .seconds(5)).integer ?? 0)
        }
        return held
    }

    /// Names the primaries that hold keys of slots that are not theirs; empty if none does.
    private func strays() async throws -> String {
        var words = ""
        for primary in try await topology().primaries {
            guard let address = primary.address else { continue }
            let foreign = Array(SlotSet.all.subtracting(primary.slots))
            let counts = try await servers.send(
                foreign.map { Command("CLUSTER", "COUNTKEYSINSLOT", "\($0)") }, to: address, lane: 2,
                within: .seconds(20))
            let slots = zip(foreign, counts).filter { $1.integer ?? 0 > 0 }.map(\.0)
            if !slots.isEmpty { words += "; \(address) holds keys of \(SlotSet(slots)), which it has not" }
        }
        return words
    }

    /// The output of `redis-cli --cluster check` if that finds a fault; nil if it finds none, or is not
    /// installed.
    private func engineCheck(_ topology: Topology) async throws -> String? {
        guard let address = topology.primaries.first(where: { !$0.slots.isEmpty })?.address, let client = Self.client
        else { return nil }
        let result = try await run(
            .path(FilePath(client)), arguments: ["--cluster", "check", "\(address)"], output: .string(limit: 1 << 20),
            error: .discarded)
        let text = result.standardOutput
        let isClean =
            result.terminationStatus.isSuccess && text.contains("[OK] All nodes agree about slots configuration.")
            && text.contains("[OK] All 16384 slots covered.") && !text.contains("[ERR]") && !text.contains("[WARNING]")
        return isClean ? nil : "redis-cli --cluster check: \(text)"
    }

    /// Whether the engine's own check can be made.
    static var canCheck: Bool { client != nil }

    private static let client = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { ["\($0)/redis-cli", "\($0)/valkey-cli"] }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}
