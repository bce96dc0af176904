import ClusterModel

/// A change as a row of steps in plain words, each beside its engine's own term.
struct PlainSteps: Equatable, Sendable {
    struct Step: Equatable, Sendable {
        /// A verb that everybody knows: "copy".
        var word: String
        /// The engine's term for the step; nil if it is the same word, or there is none.
        var term: String?
    }

    private(set) var steps: [Step]
    /// The index of the step that runs, or ran last.
    private(set) var current: Int

    /// Makes the steps of a change. The last one is always to verify, as nothing is done before it was checked.
    ///
    /// - Parameter isSwitching: true while the switch is shown, which is over before an eye can see it.
    init(_ change: Change, isSwitching: Bool = false) {
        steps = change.stages.map { Step(word: $0.plainWord, term: $0.plainWord == $0.name ? nil : $0.name) }
        if steps.last?.word != "verify" { steps.append(Step(word: "verify")) }
        current = change.isDone && !isSwitching ? steps.count - 1 : change.stage
    }

    var step: Step { steps[current] }
}

extension Stage {
    /// The plain word for what the stage does, whatever its engine calls it.
    var plainWord: String {
        switch picture {
        case .meters: "read"
        case .attempts: "deal"
        case .parts: holdsWrites ? "switch" : "copy"
        case .pairs: "move"
        case .words: name == "check" ? "ask" : name
        }
    }
}
