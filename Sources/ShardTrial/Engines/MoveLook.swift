import LocalServers
import ValkeyClient

/// How far a move of slots is, as the servers at its two ends tell at one moment.
struct MoveLook: Sendable {
    /// Of the slots that are to go, those that the target has, as it says itself; nil if it does not answer.
    var arrived: SlotSet?
    /// Slots that an end has open.
    var open = SlotSet()
    /// Whether the source has some open: before that nothing has begun to go.
    var isOpenAtSource = false
    /// The servers' jobs that are not over, by their name, with the server's word for how far they are.
    var running: [String: String] = [:]
    /// Jobs that are done.
    var done: Set<String> = []

    static func take(of slots: SlotSet, _ source: LocalServer, _ target: LocalServer) async -> MoveLook {
        let questions = [Command("CLUSTER", "NODES"), Command("CLUSTER", "GETSLOTMIGRATIONS")]
        // At once, so that it is one moment as far as can be.
        async let first = try? source.isRunning ? source.send(questions) : []
        async let second = try? target.isRunning ? target.send(questions) : []
        var look = MoveLook()
        for (replies, isTarget) in await [(first, false), (second, true)] {
            guard let replies, replies.count == 2, let view = replies[0].bytes.flatMap({ try? NodesView(utf8: $0) })
            else { continue }
            look.open.formUnion(SlotSet(view.openSlots.map(\.slot)))
            if !isTarget { look.isOpenAtSource = !view.openSlots.isEmpty }
            if isTarget { look.arrived = view.own?.slots.intersection(slots) ?? SlotSet() }
            for job in SlotJob.list(replies[1]) ?? [] where !job.slots.isDisjoint(with: slots) {
                switch job.state {
                case .running: look.running[job.id] = job.stateWord
                case .done: look.done.insert(job.id)
                case .failed, .cancelled: continue
                }
            }
        }
        return look
    }

    func isInTheMiddle(_ way: EngineTrialOptions.Way) -> Bool {
        switch way {
        case .atomic: !running.isEmpty
        case .classic: isOpenAtSource
        }
    }

    /// Whether what was half-done before a death is not done now. Jobs of servers outlive the program that asked for
    /// them, so its death falls into the middle where slots were still to go.
    func isUnfinished(since before: MoveLook, of slots: SlotSet, _ way: EngineTrialOptions.Way, isProgramDead: Bool)
        -> Bool
    {
        switch way {
        case .atomic where isProgramDead: arrived.map { $0.count < slots.count } ?? false
        case .atomic: before.running.keys.contains { !done.contains($0) }
        case .classic: !open.isEmpty
        }
    }

    func words(_ way: EngineTrialOptions.Way) -> String {
        switch way {
        case .atomic: running.values.sorted().joined(separator: " + ")
        case .classic: "\(open.count) open"
        }
    }
}
