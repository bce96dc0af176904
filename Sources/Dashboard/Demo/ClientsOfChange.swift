import ClusterModel

/// The effect of one change on clients, from its beginning to its end.
public struct ClientsOfChange: Equatable, Sendable {
    let operation: String
    /// Requests served and failed meanwhile.
    private(set) var operations = 0
    private(set) var errors = 0
    /// The slowest of all requests; nil if none was answered.
    private(set) var slowestMicroseconds: UInt64?
    private var last: ClientTraffic
    /// True once the requests that the end of the change held up are counted, too.
    private var isClosed = false

    init(_ change: Change, since traffic: ClientTraffic) {
        operation = change.id
        last = traffic
    }

    mutating func add(_ traffic: ClientTraffic, isOver: Bool) {
        guard !isClosed else { return }
        isClosed = isOver
        // The counters begin at 0 if traffic was turned off and on again.
        operations += traffic.operations >= last.operations ? traffic.operations - last.operations : traffic.operations
        errors += traffic.errors >= last.errors ? traffic.errors - last.errors : traffic.errors
        slowestMicroseconds = [slowestMicroseconds, traffic.latencyMicrosecondsMax].compactMap { $0 }.max()
        last = traffic
    }
}

extension DashboardModel {
    /// The effect of the shown change on clients; nil if no change is shown or no traffic ran.
    var clientsOfShownChange: ClientsOfChange? {
        clientsOfChange.flatMap { $0.operation == shownChange?.id ? $0 : nil }
    }

    /// - Parameter before: the traffic at the poll before.
    mutating func countClients(_ traffic: ClientTraffic, before: ClientTraffic?) {
        guard let change, !hasEndedUnseen else { return }
        if clientsOfChange?.operation != change.id {
            guard !change.isOver else { return }
            clientsOfChange = ClientsOfChange(change, since: before ?? traffic)
        }
        clientsOfChange?.add(traffic, isOver: change.isOver)
    }
}
