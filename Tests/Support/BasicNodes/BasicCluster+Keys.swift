import Foundation

extension BasicCluster {
    func key(_ method: String, _ key: String, _ body: String) -> BasicReply {
        state.withLock { state in
            if let refusal = refusal(method, body, state) { return refusal }
            let shard = Self.shard(of: key, state.shards.count)
            let existed = state.values[key] != nil
            switch method {
            case "GET":
                guard let value = state.values[key] else { return absent(&state) }
                return .json(200, "{\"causal-metadata\":\(issue(&state)),\"value\":\(value)}")
            case "PUT":
                guard let value = Self.member("value", of: body), value != "null" else {
                    return error(400, "PUT request does not specify a value")
                }
                state.writes += 1
                state.values[key] = value
                let words =
                    names == .long
                    ? "\"message\":\"\(existed ? "Updated" : "Added") successfully\""
                    : "\"result\":\"\(existed ? "replaced" : "created")\""
                return .json(
                    existed ? 200 : 201,
                    "{\(words),\"causal-metadata\":\(issue(&state)),\"shard-id\":\(jsonID(shard))}")
            case "DELETE":
                guard existed else { return absent(&state) }
                state.writes += 1
                state.values[key] = nil
                return .json(200, "{\"causal-metadata\":\(issue(&state)),\"shard-id\":\(jsonID(shard))}")
            default:
                return .notFound
            }
        }
    }

    /// What the nodes say to a request in a dialect that is not theirs.
    private func refusal(_ method: String, _ body: String, _ state: State) -> BasicReply? {
        if body.isEmpty {
            guard method == "GET" else { return .html(415, "Unsupported Media Type") }
            switch habits.bodilessRead {
            case .served: return nil
            case .refused(let status): return .html(status, "Refused")
            case .fatal: return .fatal
            }
        }
        let metadata = Self.member("causal-metadata", of: body)
        let way: Habits.NoMetadata
        switch metadata {
        case nil: way = .absent
        case "null": way = .null
        case #""""#: way = .emptyText
        case "{}": way = .emptyObject
        case let metadata?:
            return state.issued.contains(metadata) ? nil : error(400, "causal-metadata was changed on its way")
        }
        return habits.noMetadata.contains(way) ? nil : error(habits.noMetadataRefusal, "causal-metadata is invalid")
    }

    private func absent(_ state: inout State) -> BasicReply {
        if habits.keyIsAbsentInHTML { return .notFound }
        return .json(
            404,
            "{\"\(habits.errorsAreMessages ? "message" : "error")\":\"Key does not exist\",\"causal-metadata\":\(issue(&state))}"
        )
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
}
