import ShardCore

extension Endpoint {
    /// Everything that a node can be asked but for keys.
    static let all = view + shards + own

    private static let view = [
        Endpoint("GET", "/view", "/key-value-store-view") { _ in .view },
        Endpoint("PUT", "/view", "/key-value-store-view") { call throws(APIError) in
            .addToView(try call.body().newAddress())
        },
        Endpoint("DELETE", "/view", "/key-value-store-view") { call throws(APIError) in
            .removeFromView(try call.body().address())
        },
    ]

    private static let shards = [
        Endpoint("GET", "/shard/ids", "/key-value-store-shard/shard-ids") { _ in .shardIDs },
        Endpoint("GET", "/shard/node-shard-id", "/key-value-store-shard/node-shard-id") { _ in .nodeShardID },
        Endpoint("GET", "/shard/members/<id>", "/key-value-store-shard/shard-id-members/<id>") {
            call throws(APIError) in .shardMembers(shard: try call.shard())
        },
        Endpoint("GET", "/shard/key-count/<id>", "/key-value-store-shard/shard-id-key-count/<id>") {
            call throws(APIError) in .keyCount(shard: try call.shard())
        },
        Endpoint("PUT", "/shard/add-member/<id>", "/key-value-store-shard/add-member/<id>") {
            call throws(APIError) in .addMember(try call.body().newAddress(), shard: try call.shard())
        },
        Endpoint("PUT", "/shard/reshard", "/key-value-store-shard/reshard") { call throws(APIError) in
            let body = try call.body()
            return .reshard(
                shardCount: try body.shardCount(), force: try body.force(), isStepped: try body.isStepped())
        },
    ]

    /// Those of this store's own, and what others read of any server.
    private static let own = [
        Endpoint("GET", "/shardnode/v1/state", shell: { _ in .state }),
        // A line of what the next one answers for each change, until the operation ends.
        Endpoint("GET", "/shardnode/v1/reshard/stream", shell: { _ in .reshardStream }),
        Endpoint("GET", "/shardnode/v1/reshard") { _ in .reshardProgress },
        Endpoint("DELETE", "/shardnode/v1/reshard") { _ in .abortReshard },
        Endpoint("PUT", "/shardnode/v1/reshard/step") { call throws(APIError) in
            .stepReshard(try call.body().stepCommand())
        },
        Endpoint("GET", "/shardnode/v1/reshard/plan") { call throws(APIError) in
            guard let count = try call.number("shard-count"), count <= 1_000_000 else {
                throw APIError(400, "The query needs shard-count=N")
            }
            return .planReshard(shardCount: Int(count))
        },
        Endpoint("GET", "/shardnode/v1/keys/<key>") { call throws(APIError) in
            .locate(key: try APIKey(call.argument).text)
        },
        Endpoint(
            "GET", "/shardnode/v1/events",
            shell: { call throws(APIError) in
                .events(after: try call.number("after") ?? 0)
            }),
        Endpoint(
            "PUT", "/shardnode/v1/faults",
            shell: { call throws(APIError) in
                .isolate(try call.body().isIsolated())
            }),
        Endpoint("GET", "/metrics", shell: { _ in .metrics }),
    ]
}
