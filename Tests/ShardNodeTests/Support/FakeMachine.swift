import ShardCore
import Synchronization

@testable import ShardNode

/// A machine that answers as a test wants: keys beginning with `later` are kept waiting until a `release` is asked
/// for, everything else is answered at once with the key, in quotes, as the value; that of `large` is longer than sockets
/// can hold.
struct FakeMachine: StateMachine {
    let record: Record
    private var waiting: [(RequestID, String)] = []

    /// What the machine was given; shared with the test.
    final class Record: Sendable {
        private let state = Mutex(State())

        struct State: Sendable {
            var messages: [Envelope] = []
            var unreachable: [NodeAddress] = []
            var requests = 0
            var directives: [Directive] = []
            var isDrained = false
            var clusterNodes: [NodeAddress] = []
            var silentMembers: [NodeAddress] = []
            /// What its state says that it waits for.
            var wait: Wait?
        }

        var value: State { state.withLock { $0 } }
        func update(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

        /// Directives for the machine to give at its next tick.
        func direct(_ directive: Directive) { update { $0.directives.append(directive) } }
    }

    static let largeBytes = 16 * 1024 * 1024
    private static let large = [0x22] + [UInt8](repeating: 0x78, count: largeBytes) + [0x22]

    init(record: Record) { self.record = record }

    var clusterNodes: [NodeAddress] { record.value.clusterNodes }

    func silentMembers(of shard: Int) -> [NodeAddress] { record.value.silentMembers }

    mutating func handle(_ event: Event, now: Instant) -> [Directive] {
        switch event {
        case .request(let id, let request):
            record.update { $0.requests += 1 }
            return answer(id, request)
        case .message(let envelope):
            record.update { $0.messages.append(envelope) }
            return []
        case .unreachable(let peer):
            record.update { $0.unreachable.append(peer) }
            return []
        case .tick:
            var directives: [Directive] = []
            record.update { swap(&$0.directives, &directives) }
            return directives
        case .resume, .disk:
            return []
        case .drain:
            record.update { $0.isDrained = true }
            return release() + [.drained]
        }
    }

    private mutating func answer(_ id: RequestID, _ request: Request) -> [Directive] {
        switch request {
        case .get(let key, _) where key.hasPrefix("later"):
            waiting.append((id, key))
            return []
        case .get("release", _):
            return release() + [found(id, "release")]
        case .get(let key, let context) where key.hasPrefix("absent"):
            return [.reply(id, .noSuchKey(context: context))]
        case .get("down", _):
            return [.reply(id, .refused(.shardDown(shard: 1)))]
        case .get("large", _):
            return [.reply(id, .found(value: Self.large, context: .empty))]
        case .get(let key, _):
            return [found(id, key)]
        case .put(_, _, let context):
            return [.reply(id, .created(context: context, shard: 0))]
        case .reshardProgress:
            return [.reply(id, .progress(nil))]
        case .status:
            var status = Self.status
            status.wait = record.value.wait
            return [.reply(id, .status(status))]
        default:
            return [.reply(id, .refused(.busy))]
        }
    }

    private mutating func release() -> [Directive] {
        defer { waiting = [] }
        // The last asked first, so that order on the wire is the connection's own doing.
        return waiting.reversed().map { found($0.0, $0.1) }
    }

    private func found(_ id: RequestID, _ key: String) -> Directive {
        .reply(id, .found(value: Array("\"\(key)\"".utf8), context: .empty))
    }

    private static let status = ReplicaStatus(
        address: testAddress, incarnation: 1, state: .serving, shard: 0, epoch: 1, seed: 0, placement: .hashed,
        shards: [[testAddress]],
        peers: [ReplicaStatus.Peer(address: testAddress, health: .up, shard: 0, lagWrites: 3)], keys: 7, tombstones: 1,
        bytes: 100, heldWrites: 0, waitingRequests: 0, handOnEntries: 0)
}

let testAddress = NodeAddress("127.0.0.1:8081")!
