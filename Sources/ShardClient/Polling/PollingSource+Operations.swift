import ClusterModel
import Foundation
import HostSystem
import NIOHTTP1
import ShardCore
import ShardWire

extension PollingSource {
    /// The time-out of operations that end soon.
    private static let operationMilliseconds: UInt64 = 10_000
    private static let planMilliseconds: UInt64 = 60_000

    public func planReshard(shardCount: Int) async throws -> ReshardPlan {
        let node = try await fullNode(for: "A dry run")
        return try await read(
            ReshardPlan.self, "/shardnode/v1/reshard/plan?shard-count=\(shardCount)", node,
            timeoutMilliseconds: Self.planMilliseconds)
    }

    public func locate(key: String) async throws -> KeyLocation {
        let node = try await fullNode(for: "Where a key lives")
        return try await read(
            KeyLocation.self, "/shardnode/v1/keys/" + KeyPath.encode(key), node,
            timeoutMilliseconds: Self.operationMilliseconds)
    }

    public func abortReshard() async throws {
        let node = try await coordinator(for: "Ending a reshard")
        _ = try await accepted(.DELETE, "/shardnode/v1/reshard", node, timeoutMilliseconds: Self.operationMilliseconds)
    }

    public func stepReshard(_ command: StepCommand) async throws {
        let node = try await coordinator(for: "A reshard in steps")
        _ = try await accepted(
            .PUT, "/shardnode/v1/reshard/step", node, body: Array(#"{"step":"\#(command.rawValue)"}"#.utf8),
            timeoutMilliseconds: Self.operationMilliseconds)
    }

    /// Cuts a node off from its peers, or connects it again; for nodes started with `--allow-faults`.
    public func isolate(_ node: NodeAddress, isIsolated: Bool) async throws {
        _ = try await accepted(
            .PUT, "/shardnode/v1/faults", nodes[node]?.dialled ?? node,
            body: Array(#"{"isolated":\#(isIsolated)}"#.utf8), timeoutMilliseconds: Self.operationMilliseconds)
    }

    public func addMember(_ address: NodeAddress, shard: ShardID) async throws {
        let node = try await anyNode()
        let path = Endpoints(family: node.family).addMember(shard)
        let body = #"{"socket-address":"\#(address)"}"#
        _ = try await accepted(
            .PUT, path, node.dialled, body: Array(body.utf8), timeoutMilliseconds: Self.planMilliseconds)
    }

    /// Takes a node out of the view. One that is in a shard leaves that too, by a change of the layout.
    public func removeFromView(_ address: NodeAddress) async throws {
        let node = try await anyNode()
        _ = try await accepted(
            .DELETE, Endpoints(family: node.family).view, node.dialled,
            body: Array(#"{"socket-address":"\#(address)"}"#.utf8), timeoutMilliseconds: Self.planMilliseconds)
    }

    public func reshard(shardCount: Int, isStepped: Bool) async throws {
        try await reshard(shardCount: shardCount, force: false, isStepped: isStepped)
    }

    /// - Parameter force: true to go ahead without a majority of the layout's members.
    public func reshard(shardCount: Int, force: Bool = false, isStepped: Bool = false) async throws {
        let node = try await anyNode()
        if isStepped, !node.isFull {
            throw ClientError.notSupported(
                "A reshard in steps needs a shardnode; these nodes have only the basic endpoints")
        }
        let path = Endpoints(family: node.family).reshard
        let body = Array(
            #"{"shard-count":\#(shardCount)\#(force ? #","force":true"# : "")\#(isStepped ? #","step":true"# : "")}"#
                .utf8)
        if !node.isFull {
            inferred.began(asked: node.address, shardCount: shardCount, nowMilliseconds: WallClock.nowMilliseconds)
        }
        let lost = LostReshard(coordinator: node.address, shardCount: shardCount, before: lastSnapshot)
        do {
            _ = try await accepted(.PUT, path, node.dialled, body: body, timeoutMilliseconds: nil)
            if !node.isFull { inferred.ended(error: nil, nowMilliseconds: WallClock.nowMilliseconds) }
        } catch {
            if !node.isFull { inferred.ended(error: error.words, nowMilliseconds: WallClock.nowMilliseconds) }
            guard case ClientError.outcomeUnknown = error, node.isFull, !Task.isCancelled else { throw error }
            try await follow(lost)
        }
    }

    /// Follows a change whose coordinator fell silent: the others finish it or drop it, and tell which. If nobody has
    /// heard of it, and still nobody does after a while, it died with its coordinator, or goes on once that does.
    private func follow(_ lost: LostReshard) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        var unknownSince: ContinuousClock.Instant?
        while ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(300))
            switch lost.verdict(await snapshot()) {
            case .done: return
            case .ended(let reason):
                throw ClientError.changeEnded(coordinator: lost.coordinator, reason: reason)
            case .open: unknownSince = nil
            case .unknown:
                let since = unknownSince ?? ContinuousClock.now
                unknownSince = since
                guard ContinuousClock.now < since + .milliseconds(configuration.lostReshardMilliseconds) else {
                    throw ClientError.outcomeUnknown(
                        node: lost.coordinator,
                        reason: "led the reshard and fell silent before another node took part; the layout is as it was"
                    )
                }
            }
        }
        throw ClientError.outcomeUnknown(
            node: lost.coordinator, reason: "led the reshard and fell silent, and the others did not end it within 60 s"
        )
    }

    // MARK: Choice of a node

    struct Target {
        let address: NodeAddress
        let dialled: NodeAddress
        let family: NameFamily
        let isFull: Bool
    }

    /// Returns a reachable node; of shardnodes one that serves before one that does not yet.
    private func anyNode() async throws(ClientError) -> Target {
        var snapshot = await snapshot()
        if !snapshot.nodes.contains(where: \.isReachable) {
            // A node that has not answered in time may be slow rather than gone: it is asked once more.
            await waitForRound(milliseconds: configuration.timeoutMilliseconds)
            snapshot = await self.snapshot()
        }
        var best: Target?
        for node in snapshot.nodes where node.isReachable {
            let dialled = nodes[node.address]?.dialled ?? node.address
            switch node.answer {
            case .full(let state):
                let target = Target(address: node.address, dialled: dialled, family: .short, isFull: true)
                if state.replica.state == .serving { return target }
                best = best ?? target
            case .basic(let state):
                best = best ?? Target(address: node.address, dialled: dialled, family: state.family, isFull: false)
            case nil: break
            }
        }
        if let best { return best }
        throw outage ?? .nobodyAnswers([])
    }

    private func fullNode(for what: String) async throws(ClientError) -> NodeAddress {
        let target = try await anyNode()
        guard target.isFull else {
            throw .notSupported("\(what) needs a shardnode; these nodes have only the basic endpoints")
        }
        return target.dialled
    }

    /// The coordinator of the running change; without one, a node that can tell that there is none.
    private func coordinator(for what: String) async throws(ClientError) -> NodeAddress {
        let snapshot = await snapshot()
        if let reshard = snapshot.reshard, !reshard.phase.isEnd, let node = nodes[reshard.coordinator],
            node.isReachable, case .full = node.answer
        {
            return node.dialled
        }
        return try await fullNode(for: what)
    }

    private func read<Value: Decodable>(
        _ type: Value.Type, _ path: String, _ node: NodeAddress, timeoutMilliseconds: UInt64
    ) async throws(ClientError) -> Value {
        let response = try await accepted(.GET, path, node, timeoutMilliseconds: timeoutMilliseconds)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(response.body))
        } catch {
            throw .notThisAPI(node: node, reason: "its answer cannot be read: \(error.words)")
        }
    }

    private func accepted(
        _ method: HTTPMethod, _ path: String, _ node: NodeAddress, body: [UInt8]? = nil, timeoutMilliseconds: UInt64?
    ) async throws(ClientError) -> NodeResponse {
        let response: NodeResponse
        do throws(TransportError) {
            response = try await transport.send(
                method, path, to: node, body: body, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            if let refusal = ClientError(error, at: node) { throw refusal }
            if error.isUnsent { throw .nobodyAnswers([.init(node: node, problem: error.description)]) }
            throw .outcomeUnknown(node: node, reason: error.description)
        }
        switch response.status {
        case 200..<300: return response
        case 409 where method != .DELETE && isFull, 503:
            throw .tryAgainLater(node: node, status: response.status, reason: response.message ?? "")
        default: throw .refusal(by: node, status: response.status, reason: response.message ?? "")
        }
    }
}
