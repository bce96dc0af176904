import TerminalUI

/// The keys, those that work here and now first of all.
extension Drawing {
    private struct Hint {
        var keys: String
        var words: String
        var isOffered: Bool
    }

    private var hints: [Hint] {
        let can = model.capabilities
        let isAsked = model.isReached
        let writes = !model.isReadOnly && isAsked
        let canAbort = can.canAbort && writes && model.isMigrating && model.reshard?.isAbortable == true
        let hasNode = model.hasAnswer && model.selected != nil
        let isStepping = model.isControlled && model.isStepping
        return replayHints + [
            Hint(
                keys: "r", words: "reshard: choose the count, see the dry run, confirm",
                isOffered: can.canReshard && writes && !model.isMigrating),
            Hint(keys: "a", words: "abort the running reshard, while that is safe", isOffered: canAbort),
            Hint(keys: "A", words: "add a node to a shard", isOffered: can.canAddMember && writes),
            Hint(
                keys: "w", words: "where is a key: its shard, and what each member holds",
                isOffered: can.canLocate && isAsked),
            Hint(
                keys: "w … Tab", words: "follow that key through a reshard; Esc ends it",
                isOffered: can.canLocate && isAsked),
            Hint(keys: "x", words: "kill -9 the chosen node", isOffered: model.isControlled),
            Hint(keys: "X", words: "start the chosen node again", isOffered: model.isControlled),
            Hint(keys: "p", words: "pause the chosen node, or let it go on", isOffered: model.isControlled),
            Hint(
                keys: "P", words: "cut the chosen node off from its peers, or connect it", isOffered: model.isControlled
            ),
            Hint(keys: "n", words: "start one node more", isOffered: model.isControlled),
            Hint(keys: "L", words: "client traffic on or off", isOffered: model.isControlled),
            Hint(keys: ".", words: "reshard in steps; then the next step", isOffered: model.isControlled),
            Hint(keys: ",", words: "reshard without steps again", isOffered: isStepping),
            Hint(keys: "arrows hjkl", words: "choose a node", isOffered: true),
            Hint(keys: "g G PgUp PgDn", words: "first, last, ten up, ten down", isOffered: true),
            Hint(keys: "Enter", words: "the chosen node's particulars", isOffered: hasNode),
            Hint(keys: "S", words: "its shard's particulars", isOffered: hasNode && model.selected?.shard != nil),
            Hint(keys: "s", words: "sort: address, health, keys, traffic, lag", isOffered: true),
            Hint(keys: "Tab", words: "to the next panel; arrows scroll events, reports, lists", isOffered: true),
            Hint(keys: "Esc", words: "back; puts a finished reshard away", isOffered: true),
            Hint(keys: "/", words: "show only matching nodes ('down', 'shard 1') and events", isOffered: true),
            Hint(keys: ":", words: "a command by name; Tab goes through them, up goes back", isOffered: true),
            Hint(keys: "t", words: "theme: dark, light, mono", isOffered: true),
            Hint(keys: "space f", words: "freeze the screen and go on", isOffered: model.replay == nil),
            Hint(keys: "m", words: "mouse here, or the terminal's own to select text", isOffered: true),
            Hint(keys: "+ -", words: "poll quicker, poll slower", isOffered: model.replay == nil),
            Hint(keys: "Ctrl-Z", words: "to the shell; fg comes back", isOffered: true),
            Hint(keys: "?", words: "this help", isOffered: true),
            Hint(keys: "q Ctrl-C", words: "quit", isOffered: true),
        ]
    }

    private var replayHints: [Hint] {
        let isReplay = model.replay != nil
        return [
            Hint(keys: "space", words: "pause the replay, go on; at its end: begin again", isOffered: isReplay),
            Hint(keys: ". ,", words: "one poll on, one poll back", isOffered: isReplay),
            Hint(keys: "] [", words: "10 s on, 10 s back; } { a minute", isOffered: isReplay),
            Hint(keys: "0 $", words: "to the beginning, to the end", isOffered: isReplay),
            Hint(keys: "> <", words: "quicker, slower: 0.25x to 16x", isOffered: isReplay),
            Hint(keys: "o", words: "play it over and over, or once", isOffered: isReplay),
        ]
    }

    func drawHelp(_ canvas: inout Canvas, _ filter: TextLine) {
        let wanted = filter.text.lowercased()
        let matching = hints.filter {
            $0.isOffered && (wanted.isEmpty || ($0.keys + " " + $0.words).lowercased().contains(wanted))
        }
        var lines: [[Span]] = matching.map {
            [Span($0.keys.padded(to: 15), theme.accent), Span($0.words, theme.plain)]
        }
        if matching.isEmpty { lines.append([Span("No key here has to do with that.", theme.muted)]) }
        let marks: [Span] = [
            Span("\(theme.marks.good) ", theme.good), Span("up  ", theme.muted),
            Span("\(theme.marks.warning) ", theme.warning), Span("not whole  ", theme.muted),
            Span("\(theme.marks.bad) ", theme.bad), Span("down", theme.muted),
        ]
        lines += [
            [], marks,
            [
                Span("type to search ", theme.muted), Span("[\(typed(filter.text))_]", theme.accent),
                Span("  Esc closes", theme.muted),
            ],
        ]
        // The clients of a demo are in the same process.
        let isClient = model.demo?.traffic != nil
        if let cost = model.cost {
            lines[lines.count - 1].append(
                Span("  \(isClient ? "shardtop and its clients" : "shardtop"): \(words(of: cost))", theme.muted))
        }
        drawDialog(&canvas, "help", lines)
    }

    private func words(of cost: OwnCost) -> String {
        var parts = [
            "\(Figures.percent(cost.cpuShare)) CPU", Figures.bytes(Int(clamping: cost.residentBytes)),
        ]
        if let bytes = cost.bytesPerSecond { parts.append("\(Figures.bytes(Int(bytes)))/s") }
        return parts.joined(separator: ", ")
    }
}
