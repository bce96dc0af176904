import Foundation

extension BasicCluster {
    /// Answers one request as the node at `node`.
    func reply(to method: String, _ path: String, body: String, node: String) -> BasicReply {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        let isLong = names == .long
        switch (method, parts.first, parts.count) {
        case (_, isLong ? "key-value-store" : "kvs", 2):
            return key(method, parts[1].removingPercentEncoding ?? parts[1], body)
        case ("GET", isLong ? "key-value-store-view" : "view", 1):
            return .json(200, "{\"message\":\"View retrieved successfully\",\"view\":\(list(state.withLock(\.view)))}")
        case (_, isLong ? "key-value-store-shard" : "shard", 2...3):
            return shard(method, parts[1], parts.count == 3 ? Int(parts[2]) : nil, body, node)
        default:
            return .notFound
        }
    }

    private func shard(_ method: String, _ name: String, _ id: Int?, _ body: String, _ node: String) -> BasicReply {
        let isLong = names == .long
        let shards = state.withLock(\.shards)
        switch (method, name) {
        case ("GET", isLong ? "shard-ids" : "ids"):
            return .json(200, "{\"shard-ids\":[\(shards.indices.map(String.init).joined(separator: ","))]}")
        case ("GET", "node-shard-id"):
            guard let own = shards.firstIndex(where: { $0.contains(node) }) else {
                return .json(404, #"{"error":"in no shard"}"#)
            }
            return .json(200, "{\"\(isLong ? "shard-id" : "node-shard-id")\":\(own)}")
        case ("GET", isLong ? "shard-id-members" : "members"):
            guard let id, shards.indices.contains(id) else { return .json(404, #"{"error":"no such shard"}"#) }
            return .json(200, "{\"\(isLong ? "shard-id-members" : "shard-members")\":\(list(shards[id]))}")
        case ("GET", isLong ? "shard-id-key-count" : "key-count"):
            guard let id, shards.indices.contains(id) else { return .json(404, #"{"error":"no such shard"}"#) }
            let count = state.withLock { $0.values.keys.count { Self.shard(of: $0, shards.count) == id } }
            return .json(200, "{\"\(isLong ? "shard-id-key-count" : "shard-key-count")\":\(count)}")
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
            return .json(400, #"{"error":"shard-count is missing"}"#)
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
        guard let id, let address = object(body)?["socket-address"] as? String else {
            return .json(400, #"{"error":"bad request"}"#)
        }
        return state.withLock { state in
            guard state.shards.indices.contains(id) else { return .json(404, #"{"error":"no such shard"}"#) }
            if !state.view.contains(address) { state.view = (state.view + [address]).sorted() }
            if !state.shards[id].contains(address) { state.shards[id].append(address) }
            return .json(200, #"{"result":"node added to shard"}"#)
        }
    }

    private func key(_ method: String, _ key: String, _ body: String) -> BasicReply {
        state.withLock { state in
            guard let metadata = Self.member("causal-metadata", of: body) ?? (body.isEmpty ? "null" : nil) else {
                return .json(400, #"{"error":"causal-metadata is missing"}"#)
            }
            guard metadata == "null" || state.issued.contains(metadata) else {
                return .json(400, #"{"error":"causal-metadata was changed on its way"}"#)
            }
            let shard = Self.shard(of: key, state.shards.count)
            let existed = state.values[key] != nil
            switch method {
            case "GET":
                guard let value = state.values[key] else { return absent(&state) }
                return .json(200, "{\"causal-metadata\":\(issue(&state)),\"value\":\(value)}")
            case "PUT":
                guard let value = Self.member("value", of: body), value != "null" else {
                    return .json(400, #"{"error":"PUT request does not specify a value"}"#)
                }
                state.writes += 1
                state.values[key] = value
                let head = existed ? "replaced" : "created"
                return .json(
                    existed ? 200 : 201,
                    "{\"result\":\"\(head)\",\"causal-metadata\":\(issue(&state)),\"shard-id\":\(shard)}")
            case "DELETE":
                guard existed else { return absent(&state) }
                state.writes += 1
                state.values[key] = nil
                return .json(200, "{\"causal-metadata\":\(issue(&state)),\"shard-id\":\(shard)}")
            default:
                return .notFound
            }
        }
    }

    private func absent(_ state: inout State) -> BasicReply {
        .json(404, "{\"error\":\"Key does not exist\",\"causal-metadata\":\(issue(&state))}")
    }

    /// Written so that any reading and writing anew would change it.
    private func issue(_ state: inout State) -> String {
        let text = "{ \"z\": {\"writes\":\(state.writes)} , \"a\":[1.50, 1e2, \"\\u0041\\/\"]}"
        state.issued.insert(text)
        return text
    }

    /// The text of a member, as far as the two names that come in a body go: `value` first, the metadata last.
    private static func member(_ name: String, of body: String) -> String? {
        guard let start = body.range(of: "\"\(name)\":") else { return nil }
        let end: String.Index?
        if name == "value", let next = body.range(of: ",\"causal-metadata\":") {
            end = next.lowerBound
        } else {
            end = body.lastIndex(of: "}")
        }
        guard let end, start.upperBound <= end else { return nil }
        return body[start.upperBound..<end].trimmingCharacters(in: .whitespaces)
    }

    private func object(_ body: String) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any]
    }

    private func list(_ texts: [String]) -> String {
        "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    }
}
