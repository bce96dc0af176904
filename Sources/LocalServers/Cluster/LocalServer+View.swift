import ValkeyClient

/// The cluster as one server sees it.
extension LocalServer {
    /// The name by which the cluster knows it.
    package func id() async throws -> String { try await send("CLUSTER", "MYID").text ?? "" }

    /// The fields of the lines of `CLUSTER NODES`.
    private func nodeLines() async throws -> [[Substring]] {
        let text = try await send("CLUSTER", "NODES").text ?? ""
        return text.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count >= 8 }
    }

    func meet(_ other: LocalServer) async throws {
        try await send("CLUSTER", "MEET", "127.0.0.1", "\(other.address.port)", "\(other.busPort)")
    }

    func knowsAll(_ count: Int) async throws -> Bool {
        let lines = try await nodeLines()
        return lines.count == count
            && lines.allSatisfy { !$0[2].contains("handshake") && !$0[2].contains("noaddr") && $0[7] == "connected" }
    }

    /// - Parameter failing: the clients' ports of those that everybody must have given up, and nobody else.
    func isWell(failing: Set<Int>) async throws -> Bool {
        let words = try await send("CLUSTER", "INFO").text ?? ""
        guard words.contains("cluster_state:ok"), words.contains("cluster_slots_ok:\(ServerCluster.slotCount)") else {
            return false
        }
        for line in try await nodeLines() {
            let flags = line[2].split(separator: ",")
            let isFailing = failing.contains { line[1].contains(":\($0)@") }
            if flags.contains("fail") != isFailing || flags.contains("fail?") || flags.contains("handshake")
                || line.dropFirst(8).contains(where: { isFailing || $0.hasPrefix("[") })
            {
                return false
            }
        }
        let replication = try await send("INFO", "replication").text ?? ""
        return replication.contains("role:master") || replication.contains("master_link_status:up")
    }

    /// The id, role, primary and slots of each member that the server knows, a line each, without times and
    /// connections.
    func membersSeen() async throws -> Set<String> {
        Set(
            try await nodeLines().map { line in
                let role = line[2].split(separator: ",").filter { $0 != "myself" }.joined(separator: ",")
                return ([line[0], Substring(role), line[3]] + line.dropFirst(8)).joined(separator: " ")
            })
    }
}
