import NIOCore

/// Decides which connection to one node does what, and which requests wait for one. A value: others carry out its
/// steps.
///
/// A request that finds no connection waits, and one is opened for each waiting request, up to the maximum.
struct NodeLine<Connection: AnyObject, Request> {
    enum Step {
        case send(Request, over: Connection)
        case open
    }

    let connectionsMax: Int
    /// The connection that was used last is at the end, and used first: so those that are not needed become idle for
    /// long.
    private var idle: [(connection: Connection, since: NIODeadline)] = []
    private(set) var busy: [ObjectIdentifier: Connection] = [:]
    private(set) var opening = 0
    private(set) var waiting = CircularBuffer<Request>()

    init(connectionsMax: Int) { self.connectionsMax = max(1, connectionsMax) }

    var isEmpty: Bool { idle.isEmpty && busy.isEmpty && opening == 0 && waiting.isEmpty }

    mutating func add(_ request: Request) { waiting.append(request) }

    /// Returns the next step; nil if there is none. To be called until there is none.
    mutating func next() -> Step? {
        guard let first = waiting.first else { return nil }
        if let connection = idle.popLast()?.connection {
            waiting.removeFirst()
            busy[ObjectIdentifier(connection)] = connection
            return .send(first, over: connection)
        }
        guard opening < waiting.count, idle.count + busy.count + opening < connectionsMax else { return nil }
        opening += 1
        return .open
    }

    mutating func opened(_ connection: Connection, now: NIODeadline) {
        opening -= 1
        idle.append((connection, now))
    }

    /// - Returns: the requests that fail with it: the one that waited for longest, or all of them if no connection is
    ///   left that they could wait for.
    mutating func failedToOpen() -> [Request] {
        opening -= 1
        guard !waiting.isEmpty else { return [] }
        guard busy.isEmpty, idle.isEmpty, opening == 0 else { return [waiting.removeFirst()] }
        defer { waiting.removeAll() }
        return Array(waiting)
    }

    /// Notes that the connection's request is over, and it can take another.
    mutating func finished(_ connection: Connection, now: NIODeadline) {
        guard busy.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        idle.append((connection, now))
    }

    /// Notes that the connection takes no more requests.
    mutating func ended(_ connection: Connection) {
        if busy.removeValue(forKey: ObjectIdentifier(connection)) == nil {
            idle.removeAll { $0.connection === connection }
        }
    }

    /// Removes and returns the connections that nobody has used since then; they are given no more requests.
    mutating func removeIdle(since: NIODeadline) -> [Connection] {
        let old = idle.prefix { $0.since <= since }.map(\.connection)
        idle.removeFirst(old.count)
        return old
    }

    /// Removes and returns the waiting requests for which this is true.
    mutating func removeWaiting(where isMeant: (Request) -> Bool) -> [Request] {
        let meant = waiting.filter(isMeant)
        if !meant.isEmpty { waiting.removeAll(where: isMeant) }
        return Array(meant)
    }

    var connections: [Connection] { idle.map(\.connection) + busy.values }
}
