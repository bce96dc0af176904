import Foundation
import ShardClient
import ShardCore
import ShardWire

extension TrialCluster {
    /// Hands on the messages between nodes from now on; their links break once for that.
    func overhear(_ ear: @escaping @Sendable (Envelope, NodeAddress) -> Void) {
        for (_, ways) in proxies {
            for (receiver, proxy) in ways {
                proxy.overhear { ear($0, receiver) }
                proxy.behave(.cut)
                proxy.behave(.open)
            }
        }
    }

    /// Stops a node gracefully, and starts it with other arguments for its security.
    func restart(_ node: NodeAddress, _ arguments: [String], whileDown: () async throws -> Void) async throws {
        guard let process = processes[node] else { return }
        process.terminate()
        let end = ContinuousClock.now + Self.patience
        while process.isRunning {
            guard ContinuousClock.now < end else { throw TrialError("\(node) does not stop") }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await whileDown()
        process.changeArguments(arguments)
        try process.start()
    }

    /// The state that a node tells of itself; nil if it does not answer.
    func nodeState(_ node: NodeAddress, _ transport: NodeTransport) async throws -> NodeState? {
        let answer = await source(transport).snapshot().nodes.first { $0.address == node }?.answer
        return if case .full(let state) = answer { state } else { nil }
    }

    /// The resident memory of the node's process, in bytes; nil if the system does not tell.
    func residentBytes(of node: NodeAddress) -> Int? {
        #if os(Linux)
            guard let id = processID(node),
                let text = try? String(contentsOfFile: "/proc/\(id)/statm", encoding: .utf8),
                let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
            else { return nil }
            return pages * Int(getpagesize())
        #else
            return nil
        #endif
    }
}
