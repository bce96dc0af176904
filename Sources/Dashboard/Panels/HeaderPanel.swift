import ShardCore
import ShardWire
import TerminalUI

extension Drawing {
    func drawHeader(_ canvas: inout Canvas, _ rect: Rect) {
        let overview = model.overview
        let isNarrow = rect.width < 60
        var line = FittedLine(gap: [Span("  ")])
        line.add([Span("shardtop ", theme.accent.adding(.bold)), Span(model.name, theme.strong)], priority: 6)
        if model.hasAnswer {
            let style = overview.nodesUp == overview.nodesAll ? theme.good : theme.bad
            line.add(
                [
                    Span("\(overview.nodesUp)/\(overview.nodesAll)", style),
                    Span(isNarrow ? " up" : " nodes up", theme.muted),
                ], priority: 9)
            line.add(count(overview.shards.count, "shard"), priority: 7)
            if let keys = overview.keys {
                line.add(count(keys, "key"), priority: 8)
            } else {
                line.add([Span("?", theme.warning), Span(" keys", theme.muted)], priority: 8)
            }
            if let epoch = overview.epoch {
                line.add([Span("epoch ", theme.muted), Span(EpochNumber.words(epoch), theme.strong)], priority: 5)
            }
            if let seed = overview.seed {
                line.add([Span("seed ", theme.muted), Span("\(seed)", theme.strong)], priority: 3)
            }
            if overview.placement == .dealt { line.add("nodes dealt", theme.muted, priority: 2) }
            if overview.isBasic { line.add("basic endpoints only", theme.warning, priority: 4) }
        }
        let right = model.replay.map { spans(of: $0, width: max(18, rect.width * 2 / 5)) } ?? badges(isNarrow: isNarrow)
        let room = max(0, rect.width - 2 - right.width - (right.isEmpty ? 0 : 2))
        canvas.put(line.spans(width: room), x: rect.x + 1, y: rect.y, width: room)
        canvas.put(right, x: rect.right - 1 - right.width, y: rect.y)
        if rect.height > 1 {
            canvas.fill(
                Rect(x: rect.x, y: rect.y + 1, width: rect.width, height: 1), theme.glyphs.box[0], style: theme.frame)
        }
    }

    /// A row for the key that is followed.
    func drawFollowed(_ canvas: inout Canvas, _ rect: Rect, _ followed: FollowedKey) {
        let row = rect.inset(columns: 1, rows: 0)
        canvas.put(
            [Span(" ")] + spans(of: followed, width: row.width - 4) + [Span(" ")], x: row.x - 1, y: row.y,
            width: row.width)
    }

    /// Where the followed key is, who holds it, and where a running change takes it.
    private func spans(of followed: FollowedKey, width: Int) -> [Span] {
        var line = FittedLine(gap: [Span("  ")])
        line.add(
            [
                Span(theme.marks.key + " ", theme.accent), Span("following ", theme.muted),
                Span(followed.key.truncated(to: 24, mark: theme.glyphs.ellipsis), theme.strong),
            ],
            priority: 9)
        guard let location = followed.location else {
            line.add(followed.problem ?? "asking", followed.problem == nil ? theme.muted : theme.bad, priority: 8)
            return line.spans(width: width)
        }
        line.add("shard \(location.shard)", theme.shard(location.shard).adding(.bold), priority: 9)
        if let reshard = model.reshard, !reshard.phase.isEnd, let seed = reshard.seed, !isInferred {
            let next = ShardHash.shard(of: followed.key, seed: seed, count: reshard.toShardCount)
            line.add(
                next == location.shard
                    ? [Span("stays there under seed \(seed)", theme.muted)]
                    : [
                        Span("\(theme.glyphs.arrow) ", theme.muted),
                        Span("shard \(next)", theme.shard(next).adding(.bold)),
                        Span(" under seed \(seed)", theme.muted),
                    ], priority: 8)
        }
        for holder in location.members {
            let holds = holder.version.map { !$0.isTombstone } ?? false
            line.add(
                [
                    Span(holds ? theme.marks.good : theme.marks.bad, holds ? theme.good : theme.bad),
                    Span(" \(holder.address)", theme.muted),
                ], priority: 5)
        }
        if let problem = followed.problem { line.add(problem, theme.bad, priority: 7) }
        return line.spans(width: width)
    }

    private func count(_ value: Int, _ word: String) -> [Span] {
        [Span(Figures.count(value), theme.strong), Span(" \(word)\(value == 1 ? "" : "s")", theme.muted)]
    }

    /// What must be seen before anything is believed: frozen, stale, read-only; else how live the data is.
    private func badges(isNarrow: Bool) -> [Span] {
        var parts: [Span] = []
        func add(_ text: String, _ style: Style) {
            if !parts.isEmpty { parts.append(Span(" ")) }
            parts.append(Span(text, style))
        }
        if model.isStepping { add(" STEPS ", theme.accent.adding([.reverse, .bold])) }
        if model.isRecording { add("rec", theme.warning) }
        if model.isReadOnly { add("read-only", theme.muted) }
        // What is held on purpose is not out of date.
        if model.isFrozen {
            add(" FROZEN ", theme.warning.adding([.reverse, .bold]))
            return parts
        }
        guard let snapshot = model.snapshot else { return parts }
        let age = model.nowMilliseconds - min(model.nowMilliseconds, snapshot.takenMilliseconds)
        if age > 3 * model.pollMilliseconds + 2_000 {
            add(" STALE \(age / 1_000) s ", theme.bad.adding(.reverse))
        } else if !snapshot.nodes.contains(where: \.isReachable) {
            add("no answer", theme.bad)
        } else {
            add("live", theme.good)
            if !isNarrow, let poll = model.history.pollMicroseconds {
                add(Self.bound(ofMicroseconds: poll), theme.muted)
            }
        }
        return parts
    }

    /// In steps, so that an idle screen rests.
    private static func bound(ofMicroseconds value: UInt64) -> String {
        let bounds: [UInt64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]
        return bounds.first { value < $0 * 1_000 }.map { "<\($0) ms" } ?? ">2 s"
    }

    func drawFooter(_ canvas: inout Canvas, _ rect: Rect) {
        var line = FittedLine(gap: [Span("  ")])
        func hint(_ key: String, _ words: String, _ priority: Int) {
            let target = Self.key(named: key).map { Target(Place.key($0)) }
            line.add(
                [Span(key, theme.accent, target: target), Span(" " + words, theme.muted, target: target)],
                priority: priority)
        }
        if model.isReached, model.capabilities.canReshard, !model.isReadOnly {
            if !model.isMigrating { hint("r", "reshard", 8) }
            if model.isMigrating, model.isStepping { hint(".", "next step", 9) }
            if model.isMigrating, model.isStepping { hint(",", "go on", 8) }
            if let reshard = model.reshard, !reshard.phase.isEnd, reshard.isAbortable, model.capabilities.canAbort {
                hint("a", "abort", 8)
            }
        }
        if model.isReached, model.capabilities.canAddMember, !model.isReadOnly { hint("A", "add member", 3) }
        if model.isReached, model.capabilities.canLocate { hint("w", "where is a key", 5) }
        if model.isControlled, model.hasAnswer {
            hint("L", "traffic", 6)
            hint("x", "kill", 3)
            hint("X", "restart", 2)
        }
        if let replay = model.replay {
            hint("space", replay.isPlaying ? "pause" : "play", 8)
            hint(", .", "step", 6)
            hint("[ ]", "10 s", 5)
            hint("< >", "speed", 5)
        }
        if model.hasAnswer, model.selected != nil { hint("Enter", "detail", 4) }
        // In a replay the room is for what it has to say.
        if model.replay == nil { hint("Tab", "panel", 2) }
        if let filter = model.filter {
            line.add([Span("/\(filter)", theme.warning), Span(" Esc ends it", theme.muted)], priority: 9)
        } else {
            hint("/", "filter", 2)
        }
        if model.replay == nil {
            hint(":", "command", 2)
            hint("f", model.isFrozen ? "go on" : "freeze", 4)
        }
        hint("?", "help", 9)
        hint("q", "quit", 9)
        let room = rect.width - 2
        let spans = line.spans(width: room)
        canvas.put(spans, x: rect.x + 1, y: rect.y, width: room)
        // What the user did last, where there is room for it.
        guard let last = model.log.last, model.nowMilliseconds < last.milliseconds + 8_000 else { return }
        let left = room - spans.width - 3
        guard left >= 16 else { return }
        let text = last.text.truncated(to: left, mark: theme.glyphs.ellipsis)
        canvas.put(
            text, x: rect.right - 1 - text.columns, y: rect.y, style: last.isProblem ? theme.bad : theme.muted)
    }

    private static func key(named name: String) -> KeyEvent? {
        switch name {
        case "Enter": .enter
        case "Tab": .tab
        default: name.count == 1 ? name.first.map(KeyEvent.character) : nil
        }
    }
}
