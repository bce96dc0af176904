/// One atomic migration of slots, as a server at one of its ends tells of it: a job of `CLUSTER GETSLOTMIGRATIONS` of Valkey
/// from 9.0, or a task of `CLUSTER MIGRATION STATUS` of Redis from 8.4.
public struct SlotJob: Hashable, Sendable, Identifiable {
    /// The role in the migration of the server that tells of it.
    public enum Operation: Hashable, Sendable { case sending, receiving }

    public enum State: Hashable, Sendable { case running, done, failed, cancelled }

    /// The servers' name for it, the same at both ends.
    public let id: String
    public let operation: Operation
    public let slots: SlotSet
    public let source: NodeID
    public let target: NodeID
    public let state: State
    /// The server's own word: "snapshotting".
    public let stateWord: String
    /// Why it failed; empty if there is nothing to say.
    public let message: String
    /// By the server's clock, since 1970, in seconds; nil if it does not tell.
    public let createdSeconds: UInt64?
    public let updatedSeconds: UInt64?
    /// Bytes that wait to be sent; nil if it does not tell.
    public let bytesRemaining: UInt64?

    public init(
        id: String, operation: Operation, slots: SlotSet, source: NodeID, target: NodeID, state: State,
        stateWord: String, message: String = "", createdSeconds: UInt64? = nil, updatedSeconds: UInt64? = nil,
        bytesRemaining: UInt64? = nil
    ) {
        self.id = id
        self.operation = operation
        self.slots = slots
        self.source = source
        self.target = target
        self.state = state
        self.stateWord = stateWord
        self.message = message
        self.createdSeconds = createdSeconds
        self.updatedSeconds = updatedSeconds
        self.bytesRemaining = bytesRemaining
    }
}

extension SlotJob {
    /// More jobs of one answer are not read: servers keep a log of those that ended.
    public static let jobsMax = 20_000

    /// Reads an answer to `CLUSTER GETSLOTMIGRATIONS` or `CLUSTER MIGRATION STATUS`. Jobs that cannot be read are left out;
    /// nil if it is no such answer.
    public static func list(_ reply: RESPValue) -> [SlotJob]? {
        reply.elements?.prefix(jobsMax).compactMap { $0.fields.flatMap(SlotJob.init) }
    }

    private init?(_ fields: [String: RESPValue]) {
        func node(_ names: String...) -> NodeID? {
            names.lazy.compactMap { fields[$0]?.bytes }.first.flatMap { NodeID(utf8: $0) }
        }
        func number(_ names: String...) -> UInt64? {
            names.lazy.compactMap { fields[$0]?.integer }.first.flatMap { UInt64(exactly: $0) }
        }
        func text(_ names: String...) -> String {
            (names.lazy.compactMap { fields[$0]?.text }.first ?? "").printable(charactersMax: 200)
        }
        guard let source = node("source_node", "source"), let target = node("target_node", "dest", "destination"),
            let slots = SlotSet(text: fields["slot_ranges"] ?? fields["slots"])
        else { return nil }
        let operation: Operation
        switch text("operation").lowercased() {
        case "export", "migrate": operation = .sending
        case "import": operation = .receiving
        default: return nil
        }
        let word = text("state")
        self.init(
            id: text("name", "id"), operation: operation, slots: slots, source: source, target: target,
            state: State(word), stateWord: word, message: text("message", "last_error"),
            createdSeconds: number("create_time"), updatedSeconds: number("last_update_time", "end_time"),
            bytesRemaining: number("remaining_repl_size"))
    }
}

extension SlotJob.State {
    fileprivate init(_ word: String) {
        switch word.lowercased() {
        case "success", "completed", "done": self = .done
        case "failed": self = .failed
        case "cancelled", "canceled": self = .cancelled
        default: self = .running
        }
    }
}

extension SlotSet {
    /// Ranges as servers write them in one text, however long.
    fileprivate init?(text: RESPValue?) {
        guard let text = text?.text else { return nil }
        self.init(text)
    }
}
