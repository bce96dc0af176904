import ValkeyClient

/// A job that migrates slots: of Valkey 9, or of Redis 8.4. It comes one state further each time somebody asks how far
/// it is.
public struct PaperJob: Sendable {
    public enum State: Int, Sendable {
        case starting, waiting, snapshot, replicating, success, failed, cancelled

        public var isOver: Bool { rawValue >= Self.success.rawValue }

        /// As Valkey says it, on the source or on the target.
        func valkeyWords(isSource: Bool) -> String {
            switch self {
            case .starting: isSource ? "reading-establish-response" : "waiting-for-ack"
            case .waiting: isSource ? "waiting-to-snapshot" : "receiving-snapshot"
            case .snapshot: isSource ? "snapshotting" : "receiving-snapshot"
            case .replicating: "replicating"
            case .success: "success"
            case .failed: "failed"
            case .cancelled: "cancelled"
            }
        }

        /// As Redis says it.
        var redisWords: String {
            switch self {
            case .starting, .waiting, .snapshot, .replicating: "in_progress"
            case .success: "completed"
            case .failed: "failed"
            case .cancelled: "canceled"
            }
        }
    }

    public let name: String
    public let slots: SlotSet
    public let source: Int
    public let target: Int
    public internal(set) var state = State.starting
    public internal(set) var message = ""
}

extension PaperState {
    mutating func startJob(_ slots: SlotSet, from source: Int, to target: Int) -> String {
        let name = newName()
        jobs.append(PaperJob(name: name, slots: slots, source: source, target: target))
        return name
    }

    /// Brings the jobs of a node one state further.
    mutating func advanceJobs(of node: Int) {
        guard !holdsJobs else { return }
        for index in jobs.indices where !jobs[index].state.isOver {
            guard jobs[index].source == node || jobs[index].target == node else { continue }
            jobs[index].state = PaperJob.State(rawValue: jobs[index].state.rawValue + 1) ?? .success
            if jobs[index].state == .success { hand(over: jobs[index]) }
        }
    }

    private mutating func hand(over job: PaperJob) {
        for slot in job.slots.map(\.number) {
            nodes[job.target].keys[slot] = nodes[job.source].keys.removeValue(forKey: slot)
        }
        nodes[job.target].epoch = (nodes.map(\.epoch).max() ?? 0) + 1
        give(job.slots, to: job.target)
    }

    /// Ends the running jobs of a node.
    ///
    /// - Returns: how many.
    @discardableResult mutating func endJobs(
        of node: Int, _ state: PaperJob.State, _ message: String, where isMeant: (PaperJob) -> Bool = { _ in true }
    ) -> Int {
        let meant = jobs.indices.filter {
            !jobs[$0].state.isOver && (jobs[$0].source == node || jobs[$0].target == node) && isMeant(jobs[$0])
        }
        for index in meant {
            jobs[index].state = state
            jobs[index].message = message
        }
        return meant.count
    }

    /// The running jobs fail.
    public mutating func failJobs(of node: Int, message: String) { endJobs(of: node, .failed, message) }
}
