import ShardCore

/// The first byte of a message. Numbers are never given anew.
enum MessageCode: UInt8 {
    case heartbeat = 1
    case leaving, epochWanted, epoch, otherCluster, laterStart
    case replicate = 10
    case replicated, fetch, fetched, handOn, handedOn, baselineExtended
    case forward = 20
    case forwarded, probe, probed, count, counted
    case prepare = 30
    case promised, busy, collate, collated, stage, staged, freeze, frozen, change, changed
    case accept = 50
    case accepted, commit, committed, abort, lease, votesWanted, votes, gather, gathered, close, recover
}

extension ByteWriter {
    mutating func kind(_ kind: MessageCode) { byte(kind.rawValue) }

    mutating func message(_ message: Message) {
        switch message {
        case .heartbeat(let heartbeat): self.heartbeat(heartbeat)
        case .leaving: kind(.leaving)
        case .otherCluster(let notice):
            kind(.otherCluster)
            clusterNotice(notice)
        case .laterStart(let start, let silent):
            kind(.laterStart)
            integer(start)
            integer(silent)
        case .epochWanted: kind(.epochWanted)
        case .epoch(let record):
            kind(.epoch)
            epochRecord(record)
        case .replicate, .replicated, .fetch, .fetched, .handOn, .handedOn, .baselineExtended:
            replicationMessage(message)
        case .forward, .forwarded, .probe, .probed, .count, .counted:
            requestMessage(message)
        case .prepare, .recover, .promised, .busy, .collate, .collated, .gather, .gathered, .stage, .staged, .freeze,
            .frozen, .change, .changed, .accept, .accepted, .commit, .committed, .abort, .close, .lease, .votesWanted,
            .votes:
            reshardMessage(message)
        }
    }

    private mutating func heartbeat(_ value: Heartbeat) {
        kind(.heartbeat)
        integer(value.count)
        optional(value.heard) {
            $0.integer($1.incarnation)
            $0.integer($1.count)
        }
        text(value.state.rawValue)
        integer(value.wallMicroseconds)
        vector(value.vector)
        optional(value.handedOn) { $0.vector($1) }
        bool(value.isOutsideChanges)
        knownNodes(value.nodes)
        bool(value.wantsReply)
    }

    private mutating func replicationMessage(_ message: Message) {
        switch message {
        case .replicate(let value):
            kind(.replicate)
            origin(value.origin)
            integer(value.after)
            integer(value.upTo)
            vector(value.requires)
            records(value.records)
        case .replicated(let value):
            kind(.replicated)
            vector(value)
        case .fetch(let value):
            kind(.fetch)
            integer(value.id)
            optional(value.have) { $0.vector($1) }
            integer(value.cursor)
            bool(value.isRescue)
        case .fetched(let value):
            kind(.fetched)
            integer(value.id)
            integer(value.cursor)
            records(value.records)
            optional(value.next) { $0.integer($1) }
            vector(value.vector)
            bool(value.mustStartOver)
        case .handOn(let id, let value):
            kind(.handOn)
            integer(id)
            records(value)
        case .handedOn(let id):
            kind(.handedOn)
            integer(id)
        case .baselineExtended(let value):
            kind(.baselineExtended)
            vector(value)
        default:
            preconditionFailure("\(message) has no place here")
        }
    }

    private mutating func requestMessage(_ message: Message) {
        switch message {
        case .forward(let value):
            kind(.forward)
            integer(value.id)
            integer(value.timestamp)
            bool(value.isRetry)
            bool(value.isConfirmed)
            request(value.request)
        case .forwarded(let id, let value):
            kind(.forwarded)
            integer(id)
            reply(value)
        case .probe(let id, let key):
            kind(.probe)
            integer(id)
            text(key)
        case .probed(let id, let version, let isTombstone):
            kind(.probed)
            integer(id)
            optional(version) { $0.version($1) }
            bool(isTombstone)
        case .count(let id, let seed, let shardCount):
            kind(.count)
            integer(id)
            integer(seed)
            count(shardCount)
        case .counted(let id, let keys):
            kind(.counted)
            integer(id)
            list(keys) { $0.count($1) }
        default:
            preconditionFailure("\(message) has no place here")
        }
    }
}

extension ByteReader {
    mutating func message() throws -> Message {
        let number = try byte()
        guard let kind = MessageCode(rawValue: number) else { throw MessageFormatError("\(number) is no message") }
        switch kind {
        case .heartbeat: return .heartbeat(try heartbeat())
        case .leaving: return .leaving
        case .otherCluster: return .otherCluster(try clusterNotice())
        case .laterStart: return .laterStart(try start(), silentMilliseconds: try integer())
        case .epochWanted: return .epochWanted
        case .epoch: return .epoch(try epochRecord())
        case .replicate:
            return .replicate(
                Replication(
                    origin: try origin(), after: try tally(), upTo: try tally(), requires: try vector(),
                    records: try records()))
        case .replicated: return .replicated(try vector())
        case .fetch:
            return .fetch(
                Fetch(
                    id: try integer(), have: try optional { try $0.vector() }, cursor: try tally(),
                    isRescue: try bool()))
        case .fetched:
            return .fetched(
                FetchPage(
                    id: try integer(), cursor: try tally(), records: try records(),
                    next: try optional { try $0.tally() }, vector: try vector(), mustStartOver: try bool()))
        case .handOn: return .handOn(id: try integer(), records: try records())
        case .handedOn: return .handedOn(id: try integer())
        case .baselineExtended: return .baselineExtended(try vector())
        case .forward:
            return .forward(
                Forward(
                    id: try integer(), timestamp: try timestamp(), isRetry: try bool(), isConfirmed: try bool(),
                    request: try request()))
        case .forwarded: return .forwarded(id: try integer(), try reply())
        case .probe: return .probe(id: try integer(), key: try text())
        case .probed:
            return .probed(id: try integer(), version: try optional { try $0.version() }, isTombstone: try bool())
        case .count: return .count(id: try integer(), seed: try integer(), shardCount: try int())
        case .counted: return .counted(id: try integer(), keys: try list { try $0.int() })
        case .prepare, .recover, .promised, .busy, .collate, .collated, .gather, .gathered, .stage, .staged, .freeze,
            .frozen, .change, .changed, .accept, .accepted, .commit, .committed, .abort, .close, .lease, .votesWanted,
            .votes:
            return try reshardMessage(kind)
        }
    }

    private mutating func heartbeat() throws -> Heartbeat {
        Heartbeat(
            count: try tally(),
            heard: try optional { HeartbeatNumber(incarnation: try $0.start(), count: try $0.tally()) },
            state: try choice(ServingState.self), wallMicroseconds: try wall(), vector: try vector(),
            handedOn: try optional { try $0.vector() }, isOutsideChanges: try bool(),
            nodes: try knownNodes(), wantsReply: try bool())
    }
}
