import ShardCore
import ShardWire

/// Stands where a cluster would: refuses everything, in words.
struct RecordedCluster: ClusterSource {
    struct Refusal: TellingError { let description = "a recording cannot be changed" }

    var capabilities: ClusterCapabilities { .ofRecording(.basic) }
    func snapshot() async -> ClusterSnapshot { ClusterSnapshot(takenMilliseconds: 0, nodes: []) }
    func events() async -> [ClusterEvent] { [] }
    func planReshard(shardCount: Int) async throws -> ReshardPlan { throw Refusal() }
    func reshard(shardCount: Int, isStepped: Bool) async throws { throw Refusal() }
    func stepReshard(_ command: StepCommand) async throws { throw Refusal() }
    func abortReshard() async throws { throw Refusal() }
    func addMember(_ address: NodeAddress, shard: ShardID) async throws { throw Refusal() }
    func locate(key: String) async throws -> KeyLocation { throw Refusal() }
}
