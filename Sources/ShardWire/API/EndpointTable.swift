import ShardCore

extension Endpoint {
    /// Everything that a node can be asked but for keys.
    static let all = view + shards + own

    private static let view = [
        Endpoint("GET", "/view", "/key-value-store-view", for: .read) { _ in .view },
        Endpoint("PUT", "/view", "/key-value-store-view", for: .operate) { call throws(APIError) in
            .addToView(try call.body().newAddress())
        },
        Endpoint("DELETE", "/view", "/key-value-store-view", for: .operate) { call throws(APIError) in
            .removeFromView(try call.body().address())
        },
    ]

    private static let shards = [
        Endpoint("GET", "/shard/ids", "/key-value-store-shard/shard-ids", for: .read) { _ in .shardIDs },
        Endpoint("GET", "/shard/node-shard-id", "/key-value-store-shard/node-shard-id", for: .read) { _ in .nodeShardID
        },
        Endpoint("GET", "/shard/members/<id>", "/key-value-store-shard/shard-id-members/<id>", for: .read) {
            call throws(APIError) in .shardMembers(shard: try call.shard())
        },
        Endpoint("GET", "/shard/key-count/<id>", "/key-value-store-shard/shard-id-key-count/<id>", for: .read) {
            call throws(APIError) in .keyCount(shard: try call.shard())
        },
        Endpoint("PUT", "/shard/add-member/<id>", "/key-value-store-shard/add-member/<id>", for: .operate) {
            call throws(APIError) in .addMember(try call.body().newAddress(), shard: try call.shard())
        },
        Endpoint("PUT", "/shard/reshard", "/key-value-store-shard/reshard", for: .operate) { call throws(APIError) in
            let body = try call.body()
            return .reshard(
                shardCount: try body.shardCount(), force: try body.force(), isStepped: try body.isStepped())
        },
    ]

    /// Those of this store's own, and what others read of any server.
    private static let own = [
        Endpoint("GET", "/shardnode/v1/state", for: .read, shell: { _ in .state }),
        // A line of what the next one answers for each change, until the operation ends.
        Endpoint("GET", "/shardnode/v1/reshard/stream", for: .read, shell: { _ in .reshardStream }),
        Endpoint("GET", "/shardnode/v1/reshard", for: .read) { _ in .reshardProgress },
        Endpoint("DELETE", "/shardnode/v1/reshard", for: .operate) { _ in .abortReshard },
        Endpoint("PUT", "/shardnode/v1/reshard/step", for: .operate) { call throws(APIError) in
            .stepReshard(try call.body().stepCommand())
        },
        Endpoint("GET", "/shardnode/v1/reshard/plan", for: .read) { call throws(APIError) in
            guard let count = try call.number("shard-count"), count <= 1_000_000 else {
                throw APIError(400, "The query needs shard-count=N")
            }
            return .planReshard(shardCount: Int(count))
        },
        Endpoint("GET", "/shardnode/v1/keys/<key>", for: .read) { call throws(APIError) in
            .locate(key: try APIKey(call.argument).text)
        },
        Endpoint(
            "GET", "/shardnode/v1/events", for: .read,
            shell: { call throws(APIError) in
                .events(after: try call.number("after") ?? 0)
            }),
        Endpoint(
            "PUT", "/shardnode/v1/faults", for: .operate,
            shell: { call throws(APIError) in
                .isolate(try call.body().isIsolated())
            }),
        // For what looks after containers: it shows no token.
        Endpoint("GET", "/shardnode/v1/health", for: nil, shell: { _ in .health }),
        Endpoint("GET", "/metrics", for: .read, shell: { _ in .metrics }),
    ]
}
