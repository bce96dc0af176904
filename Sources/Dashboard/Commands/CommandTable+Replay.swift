import ClusterModel

/// The commands that pause a recording, step and move through it.
extension CommandTable {
    static let replay: [CommandRow] = [
        CommandRow(
            keys: "space", words: "pause the replay, go on; at its end: begin again", group: .replay,
            commands: [
                order("play", [(" ", nil), ("f", nil)], "the replay on, or pause it") { _ in .pauseOrGoOn }
            ],
            hint: { model in
                let isPlaying = model.replay?.isPlaying == true
                return .init(keys: "space", words: isPlaying ? "pause" : "play", priority: 8, place: 90)
            }),
        CommandRow(
            keys: ". ,", words: "one poll on, one poll back", group: .replay,
            commands: [
                order("frame", [(".", "next"), (",", "previous")], among: ["next", "previous"], "of the recording") {
                    $0 == "next" ? .stepForward : .stepBack
                }
            ],
            hint: { _ in .init(keys: ", .", words: "step", priority: 6, place: 100) }),
        CommandRow(
            keys: "] [", words: "10 s on, 10 s back; } { a minute", group: .replay,
            commands: [skip], hint: { _ in .init(keys: "[ ]", words: "10 s", priority: 5, place: 110) }),
        CommandRow(
            keys: "0 $", words: "to the beginning, to the end", group: .replay,
            commands: [
                order("seek", [("0", "start"), ("$", "end")], among: ["start", "end"], "of the recording") {
                    $0 == "start" ? .toStart : .toEnd
                }
            ]),
        CommandRow(
            keys: "> <", words: "quicker, slower: 0.25x to 16x", group: .replay,
            commands: [
                order("speed", [(">", "quicker"), ("<", "slower")], among: ["quicker", "slower"], "the replay") {
                    $0 == "quicker" ? .quicker : .slower
                }
            ],
            hint: { _ in .init(keys: "< >", words: "speed", priority: 5, place: 120) }),
        CommandRow(
            keys: "o", words: "play it over and over, or once", group: .replay,
            commands: [order("loop", [("o", nil)], "play over and over, or once") { _ in .loop }]),
    ]

    private static let skip = Command(
        name: "skip",
        keys: [("]", "10"), ("[", "-10"), ("}", "60"), ("{", "-60")].map { .init(event: .character($0), argument: $1) },
        argument: .init(words: "SECONDS", values: { _ in ["10", "-10", "60", "-60"] }), words: "on, or with - back",
        offer: { $0.replay == nil ? .absent : .offered },
        run: { _, argument in
            // A day is more than any recording has.
            guard let seconds = argument.flatMap(Int.init), (-86_400...86_400).contains(seconds) else { return nil }
            return [.replay(.scrub(seconds: seconds))]
        })

    private static func order(
        _ name: String, _ keys: [(Character, String?)], among values: [String] = [], _ words: String,
        _ order: @escaping @Sendable (String) -> ReplayOrder
    ) -> Command {
        Command(
            name: name, keys: keys.map { .init(event: .character($0), argument: $1) },
            argument: values.isEmpty
                ? nil : .init(words: values.joined(separator: "|"), values: { _ in values }), words: words,
            offer: { $0.replay == nil ? .absent : .offered },
            run: { _, argument in
                let argument = argument ?? ""
                return values.isEmpty || values.contains(argument) ? [.replay(order(argument))] : nil
            })
    }
}
