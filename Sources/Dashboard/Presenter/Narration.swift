import ClusterModel
import TerminalUI
import Wording

/// An explanation of the present step and its purpose, for somebody who has never heard of it.
struct Narration: Equatable, Sendable {
    /// The step in a word or two: "copy".
    var word: String
    /// The engine's own term for the step; nil if there is none, or it is the same.
    var term: String?
    /// The number of the step among the steps of a change, from 1 on, and their count.
    var place: (number: Int, count: Int)?
    /// The explanation in one or two sentences.
    var sentence: String
    /// How good the news is; nil for none.
    var level: Level?

    init(_ word: String, _ sentence: String, level: Level? = nil) {
        (self.word, self.sentence, self.level) = (word, sentence, level)
    }

    static func == (left: Self, right: Self) -> Bool {
        left.word == right.word && left.term == right.term && left.sentence == right.sentence
            && left.level == right.level && left.place?.number == right.place?.number
            && left.place?.count == right.place?.count
    }
}

extension Drawing {
    /// The narration of the shown change, else of the cluster at rest.
    var narration: Narration {
        guard model.hasAnswer else { return narrationOfNothing }
        if let change = model.shownChange {
            var narration = narration(of: change)
            let steps = plainSteps(change)
            narration.term = change.isDone ? nil : steps.step.term
            narration.place = (steps.current + 1, steps.steps.count)
            return narration
        }
        if let inferred = model.shownInferred {
            return Narration(
                "change",
                "A reshard \(inferred.title): these nodes tell nothing of it but which shards they list. "
                    + "\(inferred.state.isEnd ? "It is over, as far as that shows." : "It seems to be under way.")")
        }
        return narrationAtRest
    }

    private var narrationOfNothing: Narration {
        if let starting = model.demo?.starting {
            return Narration("starting", "\(starting.serving) of \(Figures.plural(starting.total, "node")) serve.")
        }
        if model.snapshot == nil { return Narration("asking", "\(labels.shortened(model.name)) is asked what it is.") }
        if model.isRefused {
            return Narration(
                "refused", "The nodes answer, but tell this program nothing. They are asked again with every poll.",
                level: .bad)
        }
        return Narration("no answer", "No node answers. They are asked again with every poll.", level: .bad)
    }

    private var narrationAtRest: Narration {
        let overview = model.overview
        if let loading = model.demo?.loading {
            if let problem = loading.problem {
                return Narration("loading", "The keys were not all written: \(labels.shortened(problem)).", level: .bad)
            }
            return Narration(
                "loading",
                "\(Figures.count(loading.done)) of \(Figures.plural(loading.total, "key")) are written so far. "
                    + meaningOfShards)
        }
        if let trouble = overview.troubles.first {
            return Narration("at rest", "Not well: \(labels.shortened(trouble.long)).", level: trouble.level)
        }
        if let member = overview.members.filter({ !$0.condition.isGood }).max(by: isBetter) {
            return Narration("at rest", sentence(ofTrouble: member), level: member.condition.level)
        }
        return Narration("at rest", meaningOfShards + keyThatStarts)
    }

    private func isBetter(_ left: Member, _ right: Member) -> Bool { left.condition.level < right.condition.level }

    private func sentence(ofTrouble member: Member) -> String {
        let words = "Node \(labels[member.id]) is \(model.words(of: member))"
        guard let id = member.shard, let shard = model.overview.shards.first(where: { $0.id == id }) else {
            return words + (member.absence == .nothing ? ": it is in no shard, and no key is missing." : ".")
        }
        let well = shard.members.count { $0.condition.isGood }
        return "\(words): shard \(name(of: id)) has \(well) of \(Figures.plural(shard.members.count, "node")) left."
    }

    private var meaningOfShards: String {
        let shards = model.overview.shards
        guard !shards.isEmpty else { return "No node tells yet which shards there are." }
        let keys = model.digest.keys.map { "The \(Figures.plural($0, "key"))" } ?? "The keys"
        let parts = shards.count == 1 ? "are in one shard" : "are divided into \(shards.count) shards"
        let copies = CopyCounts.range(shards.flatMap { shard in shard.members.map { _ in shard.id } })
        return (["\(keys) \(parts)."] + [CopyCounts.sentence(copies, before: nil)].compactMap { $0 })
            .joined(separator: " ")
    }

    /// The sentence with the key that starts a reshard; empty if none can be started now.
    private var keyThatStarts: String {
        let command = CommandTable.command(named: "reshard")
        guard command?.offer(model) == .offered else { return "" }
        return " Press r to change how many shards there are."
    }
}
