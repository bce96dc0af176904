import ShardCore

extension ByteWriter {
    private mutating func begin(_ kind: MessageCode, _ operation: OperationID) {
        self.kind(kind)
        self.operation(operation)
    }

    mutating func reshardMessage(_ message: Message) {
        switch message {
        case .prepare(let operation, let ballot):
            begin(.prepare, operation)
            self.ballot(ballot)
        case .recover(let operation, let ballot):
            begin(.recover, operation)
            self.ballot(ballot)
        case .promised(let operation, let ballot, let accepted, let crashVector):
            begin(.promised, operation)
            self.ballot(ballot)
            optional(accepted) { $0.accepted($1) }
            self.crashVector(crashVector)
        case .busy(let operation, let ballot, let other):
            begin(.busy, operation)
            self.ballot(ballot)
            self.operation(other)
        case .close(let operation, let ballot):
            begin(.close, operation)
            self.ballot(ballot)
        case .accept(let operation, let ballot, let record):
            begin(.accept, operation)
            self.ballot(ballot)
            epochRecord(record)
        case .accepted(let operation, let ballot, let crashVector):
            begin(.accepted, operation)
            self.ballot(ballot)
            self.crashVector(crashVector)
        case .commit(let record):
            kind(.commit)
            epochRecord(record)
        case .committed(let epoch, let pauseMicroseconds):
            kind(.committed)
            integer(epoch)
            integer(pauseMicroseconds)
        case .abort(let operation): begin(.abort, operation)
        case .votesWanted: kind(.votesWanted)
        case .votes(let report):
            kind(.votes)
            voteReport(report)
        case .lease(let operation, let phase):
            begin(.lease, operation)
            text(phase.rawValue)
        default:
            migrationMessage(message)
        }
    }

    private mutating func migrationMessage(_ message: Message) {
        switch message {
        case .collate(let operation, let cursor, let keysMax):
            begin(.collate, operation)
            integer(cursor)
            count(keysMax)
        case .collated(let operation, let page):
            begin(.collated, operation)
            integer(page.cursor)
            list(page.keys) { $0.slotKey($1) }
            optional(page.next) { $0.integer($1) }
            count(page.keysTotal)
        case .gather(let operation, let number, let slots):
            begin(.gather, operation)
            integer(number)
            list(slots) { $0.integer(UInt64($1)) }
        case .gathered(let operation, let page):
            begin(.gathered, operation)
            integer(page.number)
            count(page.taken)
            records(page.records)
        case .stage(let operation, let batch):
            begin(.stage, operation)
            integer(batch.sequence)
            optional(batch.layout) { $0.layout($1) }
            records(batch.records)
        case .staged(let operation, let sequence):
            begin(.staged, operation)
            integer(sequence)
        case .freeze(let operation): begin(.freeze, operation)
        case .frozen(let operation, let vector):
            begin(.frozen, operation)
            self.vector(vector)
        case .change(let operation, let round, let cursor, let target):
            begin(.change, operation)
            integer(round)
            integer(cursor)
            vector(target)
        case .changed(let operation, let page):
            begin(.changed, operation)
            integer(page.round)
            integer(page.cursor)
            records(page.records)
            integer(page.next)
            bool(page.isComplete)
        default:
            preconditionFailure("\(message) has no place here")
        }
    }

    private mutating func slotKey(_ value: SlotKey) {
        integer(UInt64(value.slot))
        text(value.key)
        optional(value.valueBytes) { $0.count($1) }
    }
}

extension ByteReader {
    mutating func reshardMessage(_ kind: MessageCode) throws -> Message {
        switch kind {
        case .commit: return .commit(try epochRecord())
        case .votesWanted: return .votesWanted
        case .votes: return .votes(try voteReport())
        case .committed: return .committed(epoch: try epoch(), pauseMicroseconds: try tally())
        default: return try reshardMessage(kind, of: try operation())
        }
    }

    private mutating func reshardMessage(_ kind: MessageCode, of operation: OperationID) throws -> Message {
        switch kind {
        case .prepare: return .prepare(operation, ballot: try ballot())
        case .recover: return .recover(operation, ballot: try ballot())
        case .close: return .close(operation, ballot: try ballot())
        case .promised:
            return .promised(
                operation, ballot: try ballot(),
                accepted: try optional { try $0.accepted() }, crashVector: try crashVector())
        case .busy: return .busy(operation, ballot: try ballot(), with: try self.operation())
        case .accept: return .accept(operation, ballot: try ballot(), try epochRecord())
        case .accepted: return .accepted(operation, ballot: try ballot(), crashVector: try crashVector())
        case .abort: return .abort(operation)
        case .lease: return .lease(operation, phase: try choice(ReshardProgress.Phase.self))
        case .collate: return .collate(operation, cursor: try tally(), keysMax: try int())
        case .collated:
            return .collated(
                operation,
                CollatePage(
                    cursor: try tally(), keys: try list(bytesMin: 3) { try $0.slotKey() },
                    next: try optional { try $0.tally() }, keysTotal: try int()))
        case .gather:
            return .gather(operation, number: try tally(), slots: try list { try $0.slot() })
        case .gathered:
            return .gathered(
                operation, GatherPage(number: try tally(), taken: try int(), records: try records()))
        case .stage:
            return .stage(
                operation,
                Stage(sequence: try tally(), layout: try optional { try $0.layout() }, records: try records()))
        case .staged: return .staged(operation, sequence: try tally())
        case .freeze: return .freeze(operation)
        case .frozen: return .frozen(operation, vector: try vector())
        case .change:
            return .change(operation, round: try tally(), cursor: try tally(), target: try vector())
        case .changed:
            return .changed(
                operation,
                ChangePage(
                    round: try tally(), cursor: try tally(), records: try records(), next: try tally(),
                    isComplete: try bool()))
        default: throw MessageFormatError("\(kind) has no place here")
        }
    }
    private mutating func slot() throws -> UInt32 {
        guard let slot = UInt32(exactly: try integer()), slot <= SlotKey.slotMax else {
            throw MessageFormatError("a slot's number is too large")
        }
        return slot
    }

    private mutating func slotKey() throws -> SlotKey {
        SlotKey(slot: try slot(), key: try text(), valueBytes: try optional { try $0.int() })
    }
}
