import ShardCore

/// Messages and answers in a few words, for traces.
enum MessageText {
    /// False for messages that would drown the rest.
    static func isTold(_ message: Message) -> Bool {
        if case .heartbeat = message { false } else { true }
    }

    static func brief(_ envelope: Envelope) -> String {
        "[epoch \(envelope.epoch)] \(brief(envelope.message))"
    }

    static func brief(_ message: Message) -> String {
        switch message {
        case .epoch(let record): "epoch: \(EpochWatch.brief(record.layout))"
        case .commit(let record): "commit: \(EpochWatch.brief(record.layout))"
        case .accept(let operation, let ballot, let record):
            "accept \(operation) ballot \(ballot.round): \(EpochWatch.brief(record.layout))"
        case .replicate(let replication):
            "replicate \(replication.origin.node) \(replication.after)...\(replication.upTo): "
                + brief(replication.records)
        case .handOn(let id, let records): "handOn \(id): \(brief(records))"
        case .fetched(let page): "fetched: \(brief(page.records))"
        case .stage(let operation, let batch): "stage \(operation) \(batch.sequence): \(brief(batch.records))"
        case .collated(let operation, let page): "collated \(operation): \(page.keys.count) keys"
        case .gathered(let operation, let page): "gathered \(operation) \(page.number): \(brief(page.records))"
        case .changed(let operation, let page): "changed \(operation): \(brief(page.records))"
        case .forward(let forward): "forward \(forward.id) @\(forward.timestamp) retry \(forward.isRetry)"
        default: String("\(message)".replacing("ShardCore.", with: "").prefix(300))
        }
    }

    static func brief(_ reply: Reply) -> String {
        switch reply {
        case .resharded(let progress): "resharded, epoch \(progress.toEpoch)"
        default: "\(reply)"
        }
    }

    /// The name of the answer, and for a refusal the name of its reason.
    static func kind(_ reply: Reply) -> String {
        if case .refused(let refusal) = reply { return "refused: \(refusal)" }
        return String("\(reply)".prefix { $0 != "(" })
    }

    /// As ``kind(_:)``, without the nodes and numbers, so that refusals of one kind are counted together.
    static func form(_ reply: Reply) -> String {
        kind(reply).replacing(/\b[0-9a-f]*[0-9][0-9a-f.:@-]*/, with: "…")
    }

    private static func brief(_ records: [Record]) -> String {
        records.prefix(12).map {
            let value = $0.entry.value.map { String(decoding: $0, as: UTF8.self) } ?? "deleted"
            return "\($0.key)=\(value)@\($0.entry.version.timestamp)"
        }.joined(separator: " ") + (records.count > 12 ? " and \(records.count - 12) more" : "")
    }
}
