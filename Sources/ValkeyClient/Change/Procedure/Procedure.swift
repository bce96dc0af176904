/// Something that is done by asking servers, one step after the other, as a machine without sockets: answers in, the next
/// questions out.
protocol Procedure: Sendable {
    /// Takes in answers, and gives the next step.
    ///
    /// - Parameter answers: to the questions of the step before, in their order; empty at the beginning and after a wait.
    mutating func next(_ answers: [Answer]) -> Step
    /// Ends the work as soon as that leaves nothing half-done.
    mutating func abort()
}

/// A server's answer to one request: a reply for each command, or the reason why there is none.
typealias Answer = Result<[RESPValue], ServerError>

enum Step: Sendable, Hashable {
    /// Side by side; the next step takes the answers in this order.
    case ask([Request])
    case wait(Duration)
    case over
}

/// Commands for one server, in order, on one connection.
struct Request: Sendable, Hashable {
    let server: ServerAddress
    let commands: [Command]
    /// The longest that all of it may take.
    let limit: Duration
    /// Keys that it is to move: what a pace counts.
    var keys = 0
    /// Set if it waits until no other such request is under way to this server, and for so long the next one waits for
    /// it: until what it did is known to the others.
    var turn: Duration?

    init(_ commands: [Command], to server: ServerAddress, within limit: Duration = .seconds(5)) {
        self.server = server
        self.commands = commands
        self.limit = limit
    }

    init(_ command: Command, to server: ServerAddress, within limit: Duration = .seconds(5)) {
        self.init([command], to: server, within: limit)
    }
}

/// A node as what is said about slots needs it.
struct Peer: Sendable, Hashable {
    let id: NodeID
    let address: ServerAddress
}

extension Answer {
    /// Nil if there is no answer.
    var replies: [RESPValue]? { try? get() }

    var failure: ServerError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
