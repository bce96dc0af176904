import ClusterModel
import TerminalUI
import Wording

extension Drawing {
    func drawHeader(_ canvas: inout Canvas, _ rect: Rect) {
        let isNarrow = rect.width < 60
        let right = model.replay.map { spans(of: $0, width: max(18, rect.width * 2 / 5)) } ?? badges(isNarrow: isNarrow)
        let room = max(0, rect.width - 2 - right.width - (right.isEmpty ? 0 : 2))
        canvas.put(headerSpans(isNarrow: isNarrow, width: room), x: rect.x + 1, y: rect.y, width: room)
        canvas.put(right, x: rect.right - 1 - right.width, y: rect.y)
        if rect.height > 1 {
            canvas.fill(
                Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: 1), theme.glyphs.box[0], style: theme.frame)
            if model.followed == nil, model.hasAnswer {
                drawAdvice(&canvas, Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: 1))
            }
        }
    }

    /// The name of the watched cluster, and the verdict on it in a sentence.
    private func headerSpans(isNarrow: Bool, width: Int) -> [Span] {
        var line = FittedLine(gap: [Span("  ")])
        // If the name is a node's address, it is shown as that node's label.
        let name = labels.shortened(model.name).truncatedInMiddle(to: max(12, width / 4), mark: theme.glyphs.ellipsis)
        line.add([Span("shardtop ", theme.accent.adding(.bold)), Span(name, theme.strong)], priority: 6)
        guard model.hasAnswer else { return line.spans(width: width) }
        let overview = model.overview
        let (up, all) = (model.digest.nodesUp, model.members.count)
        let style = up < all ? theme.bad : model.digest.isWhole ? theme.good : theme.warning
        let count = [Span("\(up)/\(all)", style), Span(isNarrow ? " up" : " nodes up", theme.muted)]
        var others = FittedLine(gap: [Span("  ")])
        // If nodes with the basic endpoints tell no shard, the number of shards is unknown.
        let shards = overview.isBasic && overview.shards.isEmpty ? nil : overview.shards.count
        others.add(self.count(shards, "shard"), priority: 7)
        others.add(self.count(model.digest.keys, "key"), priority: 8)
        for fact in overview.facts { others.add(spans(of: fact), priority: fact.weight) }
        if !labels.commonStart.isEmpty || !labels.commonEnd.isEmpty {
            let common = labels.commonStart + theme.glyphs.ellipsis + labels.commonEnd
            others.add([Span("nodes ", theme.muted), Span(common, theme.plain)], priority: 1)
        }
        // The sentence may take the room of the name and of all that stands behind it. If that is still too little, the
        // sentence is cut, so that the number of nodes that are up stays.
        let whole = verdictSpans(width: .max)
        let beside = width - count.width - 2
        line.add(
            whole.width <= beside || beside < Self.sentenceColumnsMin
                ? verdictSpans(width: width) : verdictSpans(width: beside), priority: 10)
        line.add(count, priority: 9)
        line.add(others)
        return line.spans(width: width)
    }

    /// The least columns that the sentence is cut to: with fewer it says nothing.
    private static let sentenceColumnsMin = 30

    private func spans(of fact: Fact) -> [Span] {
        let style = fact.level == .good ? theme.muted : theme.style(of: fact.level)
        guard !fact.value.isEmpty else { return [Span(fact.name, style)] }
        return [Span(fact.name + " ", theme.muted), Span(fact.value, fact.level == .good ? theme.strong : style)]
    }

    /// Draws the row for the followed key.
    func drawFollowed(_ canvas: inout Canvas, _ rect: Rect, _ followed: FollowedKey) {
        let row = rect.inset(columns: 1, rows: 0)
        canvas.put(
            [Span(" ")] + spans(of: followed, width: row.width - 4) + [Span(" ")], x: row.x - 1, y: row.y,
            width: row.width)
    }

    /// The place of the followed key, the members that hold it, and the shard that a running change takes it to.
    private func spans(of followed: FollowedKey, width: Int) -> [Span] {
        var line = FittedLine(gap: [Span("  ")])
        line.add(
            [
                Span(theme.marks.key + " ", theme.accent), Span("following ", theme.muted),
                Span(followed.key.truncated(to: 24, mark: theme.glyphs.ellipsis), theme.strong),
            ],
            priority: 9)
        guard let location = followed.location else {
            line.add(
                followed.problem.map(labels.shortened) ?? "asking", followed.problem == nil ? theme.muted : theme.bad,
                priority: 8)
            return line.spans(width: width)
        }
        line.add("shard \(name(of: location.shard))", style(of: location.shard).adding(.bold), priority: 9)
        if model.isMigrating, let next = location.next {
            let reason = location.nextReason.map { " " + $0 } ?? ""
            line.add(
                next == location.shard
                    ? [Span("stays there\(reason)", theme.muted)]
                    : [
                        Span("\(theme.glyphs.arrow) ", theme.muted),
                        Span("shard \(name(of: next))", style(of: next).adding(.bold)),
                        Span(reason, theme.muted),
                    ], priority: 8)
        }
        for holder in location.holders {
            let holds = holder.holding == .value
            line.add(
                [
                    Span(holds ? theme.marks.good : theme.marks.bad, holds ? theme.good : theme.bad),
                    Span(" \(labels[holder.member])", theme.muted),
                ], priority: 5)
        }
        if let problem = followed.problem { line.add(labels.shortened(problem), theme.bad, priority: 7) }
        return line.spans(width: width)
    }

    /// The count in words, with a question mark if it is unknown.
    private func count(_ value: Int?, _ word: String) -> [Span] {
        [
            value.map { Span(Figures.count($0), theme.strong) } ?? Span("?", theme.warning),
            Span(" " + Plural.noun(word, value ?? 0), theme.muted),
        ]
    }

    /// The badges that tell how far the screen can be trusted: frozen, stale, read-only; else how live the data is.
    func badges(isNarrow: Bool) -> [Span] {
        var parts: [Span] = []
        func add(_ text: String, _ style: Style) {
            if !parts.isEmpty { parts.append(Span(" ")) }
            parts.append(Span(text, style))
        }
        if model.isStepping { add(" STEPS ", theme.accent.adding([.reverse, .bold])) }
        if model.isRecording { add("rec", theme.warning) }
        // A recording with a hole is shown as such, however long ago it ended.
        if model.recordingProblem != nil { add(" REC ENDED ", theme.bad.adding(.reverse)) }
        if model.isReadOnly { add("read-only", theme.muted) }
        // A screen that was frozen on purpose is not stale.
        if model.isFrozen {
            add(" FROZEN ", theme.warning.adding([.reverse, .bold]))
            return parts
        }
        guard let snapshot = model.snapshot else { return parts }
        let age = model.nowMilliseconds - min(model.nowMilliseconds, snapshot.takenMilliseconds)
        if age > 3 * model.pollMilliseconds + 2_000 {
            add(" STALE \(age / 1_000) s ", theme.bad.adding(.reverse))
        } else if !snapshot.hasMember(where: \.isReachable) {
            add(model.isRefused ? "refused" : "no answer", theme.bad)
        } else {
            add("live", theme.good)
            if !isNarrow, let poll = model.history.pollMicroseconds {
                add(Self.bound(ofMicroseconds: poll), theme.muted)
            }
        }
        return parts
    }

    /// The time in steps, so that an idle screen does not change.
    private static func bound(ofMicroseconds value: UInt64) -> String {
        let bounds: [UInt64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]
        return bounds.first { value < $0 * 1_000 }.map { "<\($0) ms" } ?? ">2 s"
    }
}
