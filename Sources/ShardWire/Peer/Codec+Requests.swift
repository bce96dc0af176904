import ShardCore

// Forwarded requests and their replies: those about keys, and key counts. No other request leaves its node.

extension ByteWriter {
    mutating func request(_ value: Request) {
        switch value {
        case .get(let key, let context):
            byte(0)
            text(key)
            self.context(context)
        case .put(let key, let value, let context):
            byte(1)
            text(key)
            blob(value)
            self.context(context)
        case .delete(let key, let context):
            byte(2)
            text(key)
            self.context(context)
        case .keyCount(let shard):
            byte(3)
            count(shard)
        default:
            preconditionFailure("\(value) is never forwarded")
        }
    }

    mutating func reply(_ value: Reply) {
        switch value {
        case .found(let value, let context):
            byte(0)
            blob(value)
            self.context(context)
        case .created(let context, let shard): written(1, context, shard)
        case .replaced(let context, let shard): written(2, context, shard)
        case .deleted(let context, let shard): written(3, context, shard)
        case .noSuchKey(let context):
            byte(4)
            self.context(context)
        case .keyCount(let keys):
            byte(5)
            count(keys)
        case .refused(let refusal):
            byte(6)
            self.refusal(refusal)
        default:
            preconditionFailure("\(value) answers no forwarded request")
        }
    }

    private mutating func written(_ kind: UInt8, _ context: CausalContext, _ shard: Int) {
        byte(kind)
        self.context(context)
        count(shard)
    }

    private mutating func refusal(_ value: Refusal) {
        switch value {
        case .dependenciesNotMet: byte(0)
        case .shardDown(let shard):
            byte(1)
            optional(shard) { $0.count($1) }
        case .foreignContext: byte(2)
        case .outdated(let timestamp):
            byte(3)
            integer(timestamp)
        case .busy: byte(4)
        case .stopping: byte(5)
        case .diskFailing: byte(6)
        case .tooFewAcks(let needed):
            byte(7)
            count(needed)
        case .unconfirmed(let needed):
            byte(8)
            count(needed)
        case .contextOfAnotherCluster: byte(9)
        case .twin: byte(10)
        default: preconditionFailure("\(value) refuses no forwarded request")
        }
    }
}

extension ByteReader {
    mutating func request() throws -> Request {
        switch try byte() {
        case 0: return .get(key: try text(), context: try context())
        case 1: return .put(key: try text(), value: try blob(), context: try context())
        case 2: return .delete(key: try text(), context: try context())
        case 3: return .keyCount(shard: try int())
        case let other: throw MessageFormatError("\(other) is no request")
        }
    }

    mutating func reply() throws -> Reply {
        switch try byte() {
        case 0: return .found(value: try blob(), context: try context())
        case 1: return .created(context: try context(), shard: try int())
        case 2: return .replaced(context: try context(), shard: try int())
        case 3: return .deleted(context: try context(), shard: try int())
        case 4: return .noSuchKey(context: try context())
        case 5: return .keyCount(try int())
        case 6: return .refused(try refusal())
        case let other: throw MessageFormatError("\(other) is no reply")
        }
    }

    private mutating func refusal() throws -> Refusal {
        switch try byte() {
        case 0: return .dependenciesNotMet
        case 1: return .shardDown(shard: try optional { try $0.int() })
        case 2: return .foreignContext
        case 3: return .outdated(timestamp: try timestamp())
        case 4: return .busy
        case 5: return .stopping
        case 6: return .diskFailing
        case 7: return .tooFewAcks(needed: try int())
        case 8: return .unconfirmed(needed: try int())
        case 9: return .contextOfAnotherCluster
        case 10: return .twin
        case let other: throw MessageFormatError("\(other) is no refusal")
        }
    }
}
