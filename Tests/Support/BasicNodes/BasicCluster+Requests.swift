import Foundation

extension BasicCluster {
    /// Answers one request as the node at `node`.
    func reply(to method: String, _ path: String, body: String, node: String) -> BasicReply {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let isLong = names == .long
        switch (method, parts.first, parts.count) {
        case (_, isLong ? "key-value-store" : "kvs", 2):
            state.withLock { $0.requests.append("\(method) \(path)") }
            return key(method, parts[1].removingPercentEncoding ?? parts[1], body)
        case ("GET", isLong ? "key-value-store-view" : "view", 1):
            let view = addressList(state.withLock(\.view))
            return .json(200, "{\"message\":\"View retrieved successfully\",\"view\":\(view)}")
        case (_, isLong ? "key-value-store-shard" : "shard", 2...3):
            let id = parts.count == 3 ? parts[2].removingPercentEncoding.flatMap(index) : nil
            return shard(method, parts[1], id, body, node)
        default:
            return .notFound
        }
    }

    private func shard(_ method: String, _ name: String, _ id: Int?, _ body: String, _ node: String) -> BasicReply {
        let isLong = names == .long
        let shards = state.withLock(\.shards)
        switch (method, name) {
        case ("GET", isLong ? "shard-ids" : "ids"):
            return .json(200, "{\"shard-ids\":\(idList(shards.count))}")
        case ("GET", "node-shard-id"):
            guard let own = shards.firstIndex(where: { $0.contains(node) }) else { return error(404, "in no shard") }
            return .json(200, "{\"\(isLong ? "shard-id" : "node-shard-id")\":\(jsonID(own))}")
        case ("GET", isLong ? "shard-id-members" : "members"):
            guard let id, shards.indices.contains(id) else { return error(404, "no such shard") }
            return .json(200, "{\"\(isLong ? "shard-id-members" : "shard-members")\":\(addressList(shards[id]))}")
        case ("GET", isLong ? "shard-id-key-count" : "key-count"):
            guard let id, shards.indices.contains(id) else { return error(404, "no such shard") }
            let keys = state.withLock { $0.values.keys.count { Self.shard(of: $0, shards.count) == id } }
            return .json(200, "{\"\(isLong ? "shard-id-key-count" : "shard-key-count")\":\(count(keys))}")
        case ("PUT", "reshard"):
            return reshard(body)
        case ("PUT", "add-member"):
            return addMember(id, body)
        default:
            return .notFound
        }
    }

    private func reshard(_ body: String) -> BasicReply {
        guard let count = object(body)?["shard-count"] as? Int, count > 0 else {
            return error(400, "shard-count is missing")
        }
        let isDone = state.withLock { state in
            guard state.view.count / count >= 2 else { return false }
            state.shards = Self.deal(state.view, count)
            return true
        }
        guard isDone else {
            let text = "Not enough nodes to provide fault-tolerance with the given shard count!"
            return .json(400, names == .long ? "{\"message\":\"\(text)\"}" : "{\"error\":\"\(text)\"}")
        }
        return .json(200, #"{"message":"Resharding done successfully"}"#)
    }

    private func addMember(_ id: Int?, _ body: String) -> BasicReply {
        guard let address = object(body)?["socket-address"] as? String else { return error(400, "bad request") }
        return state.withLock { state in
            guard let id, state.shards.indices.contains(id) else { return error(404, "no such shard") }
            guard !state.shards.joined().contains(address) else {
                return error(habits.addMemberRefusal, "\(address) is in a shard")
            }
            if !state.view.contains(address) { state.view = (state.view + [address]).sorted() }
            state.shards[id].append(address)
            return .json(200, #"{"result":"node added to shard"}"#)
        }
    }

    private func object(_ body: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
    }
}
