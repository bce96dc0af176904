import Synchronization

/// Carries procedures out on servers.
struct ProcedureRunner: Sendable {
    let calls: any ServerCalls
    let pacer: Pacer
    let signal: AbortSignal
    private let turns = Turns()

    init(calls: any ServerCalls, pacer: Pacer, signal: AbortSignal) {
        (self.calls, self.pacer, self.signal) = (calls, pacer, signal)
    }

    /// Runs a procedure to its end, which it comes to by itself, also when it is to be ended.
    ///
    /// - Parameter watch: hears of it after every step.
    func run<Kind: Procedure>(_ procedure: Kind, lane: Int, watch: @Sendable (Kind) -> Void = { _ in }) async -> Kind {
        var procedure = procedure
        var answers: [Answer] = []
        while true {
            if signal.isRaised { procedure.abort() }
            let step = procedure.next(answers)
            watch(procedure)
            switch step {
            case .over: return procedure
            case .wait(let duration):
                answers = []
                // Whoever cancels it also raises the signal; what is half-done is brought to its end all the same.
                try? await Task.sleep(for: duration)
            case .ask(let requests): answers = await ask(requests, lane: lane)
            }
        }
    }

    /// All requests side by side; their answers in the same order.
    func ask(_ requests: [Request], lane: Int) async -> [Answer] {
        let keys = requests.reduce(0) { $0 + $1.keys }
        if keys > 0 { await pacer.wait(keys: keys, unless: signal) }
        if requests.count == 1 { return [await ask(requests[0], lane: lane)] }
        return await withTaskGroup(of: (Int, Answer).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, await ask(request, lane: lane)) }
            }
            var answers = requests.map { Answer.failure(ServerError(.broken, at: $0.server, "no answer was kept")) }
            for await (index, answer) in group { answers[index] = answer }
            return answers
        }
    }

    private func ask(_ request: Request, lane: Int) async -> Answer {
        guard let turn = request.turn else { return await send(request, lane: lane) }
        await turns.take(request.server)
        let answer = await send(request, lane: lane)
        try? await Task.sleep(for: turn)
        await turns.end(request.server)
        return answer
    }

    private func send(_ request: Request, lane: Int) async -> Answer {
        do throws(ServerError) {
            let replies = try await calls.send(request.commands, to: request.server, lane: lane, within: request.limit)
            guard replies.count == request.commands.count else { throw .replyCount(at: request.server) }
            return .success(replies)
        } catch {
            return .failure(error)
        }
    }
}

/// Who may speak to a server now, of those who take turns.
private actor Turns {
    /// Those who wait, by the server that somebody speaks to; in the order in which they came.
    private var waiting: [ServerAddress: [CheckedContinuation<Void, Never>]] = [:]

    func take(_ server: ServerAddress) async {
        guard waiting[server] != nil else {
            waiting[server] = []
            return
        }
        await withCheckedContinuation { waiting[server]?.append($0) }
    }

    func end(_ server: ServerAddress) {
        guard waiting[server]?.isEmpty == false, let next = waiting[server]?.removeFirst() else {
            waiting[server] = nil
            return
        }
        next.resume()
    }
}

/// A word that what is going on is to end. Given once, to many.
final class AbortSignal: Sendable {
    private let raised = Mutex(false)

    var isRaised: Bool { raised.withLock { $0 } }

    func raise() { raised.withLock { $0 = true } }
}
