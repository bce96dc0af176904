extension Surveyor {
    /// How these slots are best moved: by what the servers can, and what this user may have them do. Changes nothing.
    func way(of moves: [PeerMove], _ survey: Survey) async -> MoveWay {
        let best = MoveWay(of: moves, survey)
        guard best != .classic else { return best }
        let answers = await runner.ask(Safety.trials(moves, best), lane: 0)
        let isPermitted = answers.allSatisfy { answer in
            answer.replies?.contains { $0.error?.code == "NOPERM" } != true
        }
        return isPermitted ? best : .classic
    }
}
