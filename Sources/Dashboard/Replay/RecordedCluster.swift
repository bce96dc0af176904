import ClusterModel
import HostSystem

/// Takes the place of a cluster in a replay: refuses everything, in words.
struct RecordedCluster: ClusterSource {
    struct Refusal: TellingError { let description = "a recording cannot be changed" }

    var features: Features { .none }
    var outage: (any Error)? { nil }
    func snapshot() async -> Cluster { Cluster(takenMilliseconds: 0) }
    func events() async -> [Event] { [] }
    func plan(_ goal: Goal) async throws -> Plan { throw Refusal() }
    func perform(_ goal: Goal, seen plan: Plan?) async throws { throw Refusal() }
    func abort() async throws { throw Refusal() }
    func setPace(keysPerSecond: Int?) async throws { throw Refusal() }
    func step(_ order: StepOrder) async throws { throw Refusal() }
    func locate(key: String) async throws -> KeyPlace { throw Refusal() }
}
