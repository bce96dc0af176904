/// The commands about slots, each in one place.
extension Command {
    static func open(_ slot: HashSlot, importingFrom source: NodeID) -> Command {
        Command("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", "\(source)")
    }

    static func open(_ slot: HashSlot, migratingTo target: NodeID) -> Command {
        Command("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", "\(target)")
    }

    static func give(_ slot: HashSlot, to owner: NodeID) -> Command {
        Command("CLUSTER", "SETSLOT", "\(slot)", "NODE", "\(owner)")
    }

    static func close(_ slot: HashSlot) -> Command { Command("CLUSTER", "SETSLOT", "\(slot)", "STABLE") }

    static func countKeys(in slot: HashSlot) -> Command { Command("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") }

    static func keys(in slot: HashSlot, countMax: Int) -> Command {
        Command("CLUSTER", "GETKEYSINSLOT", "\(slot)", "\(countMax)")
    }

    static let clusterNodes = Command("CLUSTER", "NODES")

    /// - Parameter replaces: overwrites what the target has under these keys. Only for what is proven to be the same.
    static func migrate(
        _ keys: [[UInt8]], to target: ServerAddress, timeoutMilliseconds: Int, login: ServerLogin, replaces: Bool
    ) -> Command {
        var words = ["MIGRATE", target.host, "\(target.port)", "", "0", "\(timeoutMilliseconds)"]
        if replaces { words.append("REPLACE") }
        if let password = login.password {
            // Servers before 6.0 know no users and no AUTH2.
            words += login.user.map { ["AUTH2", $0, password.revealed] } ?? ["AUTH", password.revealed]
        }
        words.append("KEYS")
        return Command(words).adding(bytes: keys)
    }
}

/// The failure of a `MIGRATE`, by what is to be done next.
enum MigrateTrouble: Sendable, Hashable {
    /// The target has one of the keys already.
    case busyKey
    /// The target was not reached, or did not answer in time. The key is still here, and may be there too.
    case noAnswer
    /// Not now: it loads, is busy, or the cluster is down.
    case notNow(String)
    /// The target's memory is full.
    case full
    case notPermitted(String)
    /// Whatever else; the source's own words.
    case other(String)

    /// Nil if nothing went wrong.
    init?(_ reply: RESPValue) {
        guard let error = reply.error else { return nil }
        // "ERR Target instance replied with error: LOADING …"
        let marker = "Target instance replied with error: "
        let inner = error.message.range(of: marker).map { RESPError(String(error.message[$0.upperBound...])) } ?? error
        switch inner.code {
        case "BUSYKEY": self = .busyKey
        case "IOERR": self = .noAnswer
        case "OOM": self = .full
        case "LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS", "MISCONF":
            self = .notNow(inner.message)
        case "NOPERM", "NOAUTH", "WRONGPASS": self = .notPermitted(inner.message)
        default:
            // "ERR Can't connect to target node", of some versions without the IOERR.
            self = inner.message.contains("connect") ? .noAnswer : .other(inner.message)
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
