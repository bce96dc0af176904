import ClusterModel
import TerminalUI

/// The commands to move about and to change how things are shown.
extension CommandTable {
    static let looking: [CommandRow] = moving + showing + leaving

    private static let moving: [CommandRow] = [
        CommandRow(
            keys: "arrows hjkl", words: "choose a node; in the table left and right sort", group: .looking,
            commands: [
                go("up", -1, [.up, .character("k")]), go("down", 1, [.down, .character("j")]),
                turn("left", -1, [.left, .character("h")]), turn("right", 1, [.right, .character("l")]),
            ]),
        CommandRow(
            keys: "g G PgUp PgDn", words: "first, last, ten up, ten down", group: .looking,
            commands: [
                go("top", -1_000_000, [.character("g"), .home]), go("bottom", 1_000_000, [.character("G"), .end]),
                go("page-up", -10, [.pageUp]), go("page-down", 10, [.pageDown]),
            ]),
        CommandRow(
            keys: "Enter", words: "the chosen node's particulars", group: .looking,
            commands: [
                Command(
                    name: "detail", keys: [.init(event: .enter)], words: "of the chosen node",
                    offer: { $0.hasAnswer && $0.selected != nil ? .offered : .absent },
                    run: { model, _ in
                        model.overlay = model.selected.map { .node($0.id) }
                        return []
                    })
            ],
            hint: { _ in .init(keys: "Enter", words: "detail", priority: 4, place: 130) }),
        CommandRow(
            keys: "S", words: "its shard's particulars", group: .looking,
            commands: [
                Command(
                    name: "shard", keys: [.init(event: .character("S"))], words: "of the chosen node",
                    offer: { $0.hasAnswer && $0.selected?.shard != nil ? .offered : .absent },
                    run: { model, _ in
                        model.overlay = model.selected?.shard.map { .shard($0) }
                        return []
                    })
            ]),
    ]

    private static let showing: [CommandRow] = [
        CommandRow(
            keys: "V", words: "the presenter's view, for a hall, or back", more: "`--present` begins with it",
            group: .looking,
            commands: [
                Command(
                    name: "present", keys: [.init(event: .character("V"))],
                    words: "the cluster to a hall, in plain words; or back",
                    run: { model, _ in
                        model.isPresenting.toggle()
                        return []
                    })
            ],
            hint: {
                $0.isPresenting
                    ? .init(keys: "V", words: "all figures", priority: 7, place: 145)
                    : .init(keys: "V", words: "present", priority: 3, place: 145)
            }),
        CommandRow(
            keys: "s", words: "sort: address, health, keys, traffic, lag", group: .looking,
            commands: [
                Command(
                    name: "sort", keys: [.init(event: .character("s"))],
                    argument: .init(
                        words: SortOrder.allCases.map(\.rawValue).joined(separator: "|"),
                        values: { model in
                            model.table.isShown
                                ? NodeColumn.allCases.map(\.rawValue) : SortOrder.allCases.map(\.rawValue)
                        }), words: "the shards and their members, or the table by a column",
                    run: { model, argument in
                        guard !model.table.isShown else {
                            guard let argument else {
                                model.sortTable(step: 1)
                                return []
                            }
                            guard let column = NodeColumn(rawValue: argument) else { return nil }
                            model.sortTable(by: column)
                            return []
                        }
                        guard let order = argument.map(SortOrder.init(rawValue:)) ?? model.sortOrder.next else {
                            return nil
                        }
                        model.sort(by: order)
                        return []
                    })
            ]),
        CommandRow(
            keys: "Tab", words: "to the next panel; arrows scroll events, reports, lists", group: .looking,
            commands: [
                Command(
                    name: "panel",
                    keys: [.init(event: .tab, argument: "next"), .init(event: .backTab, argument: "previous")],
                    argument: choice(["next", "previous"]), words: "to scroll",
                    run: { model, argument in
                        guard argument == "next" || argument == "previous" else { return nil }
                        model.movePane(by: argument == "next" ? 1 : -1)
                        return []
                    })
            ],
            // In a replay the hints for the replay need the room.
            hint: { $0.replay == nil ? .init(keys: "Tab", words: "panel", priority: 2, place: 140) : nil }),
        CommandRow(
            keys: "Esc", words: "back; puts a finished reshard away", group: .looking,
            commands: [
                Command(
                    name: "back", keys: [.init(event: .escape)], words: "from what is over, filtered or followed",
                    run: { model, _ in
                        model.putAway()
                        return []
                    })
            ],
            hint: { model in
                guard model.filter != nil else { return nil }
                return .init(keys: "Esc", words: "ends it", priority: 8, place: 160, look: .quiet)
            }),
        CommandRow(
            keys: "/", words: "show only matching nodes ('down', 'shard 1') and events", group: .looking,
            commands: [
                Command(
                    name: "filter", keys: [.init(event: .character("/"))],
                    argument: .init(words: "TEXT", isNeeded: false),
                    words: "show only nodes of that address, condition or shard, and events; nothing ends it",
                    run: { model, argument in
                        if let argument {
                            model.setFilter(argument)
                        } else {
                            model.overlay = .prompt(Prompt(kind: .filter, line: TextLine(model.filter ?? "")))
                        }
                        return []
                    })
            ],
            hint: { model in
                guard let filter = model.filter else {
                    return .init(keys: "/", words: "filter", priority: 2, place: 150)
                }
                return .init(keys: "/\(filter)", words: model.filterWords, priority: 9, place: 150, look: .standing)
            }),
        CommandRow(
            keys: ":", words: "a command by name; Tab goes through them, up goes back",
            more: "`:export` keeps the screen as a picture", group: .looking, commands: [command, export],
            hint: { $0.replay == nil ? .init(keys: ":", words: "command", priority: 2, place: 170) : nil }),
        CommandRow(
            keys: "t", words: "theme: dark, light, mono", more: "`--theme` chooses one at the start", group: .looking,
            commands: [
                Command(
                    name: "theme", keys: [.init(event: .character("t"))],
                    argument: choice(ThemeName.allCases.map(\.rawValue)), words: "of the screen",
                    run: { model, argument in
                        guard let name = argument.map(ThemeName.init(rawValue:)) ?? model.themeName.next else {
                            return nil
                        }
                        model.choose(name)
                        return []
                    })
            ]),
        CommandRow(
            keys: "space f", words: "freeze the screen and go on", group: .looking,
            commands: [
                Command(
                    name: "freeze", keys: [.init(event: .character(" ")), .init(event: .character("f"))],
                    words: "the screen, or go on", offer: { $0.replay == nil ? .offered : .absent },
                    run: { model, _ in model.toggleFreeze() })
            ],
            hint: { .init(keys: "f", words: $0.isFrozen ? "go on" : "freeze", priority: 4, place: 180) }),
        CommandRow(
            keys: "m", words: "mouse here, or the terminal's own to select text", group: .looking,
            commands: [
                Command(
                    name: "mouse", keys: [.init(event: .character("m"))],
                    words: "here, or the terminal's own to select text", run: { model, _ in model.toggleMouse() })
            ]),
        CommandRow(keys: "+ -", words: "poll quicker, poll slower", group: .looking, commands: [poll]),
    ]

    private static let leaving: [CommandRow] = [
        CommandRow(
            keys: "Ctrl-Z", words: "to the shell; fg comes back", group: .looking,
            commands: [
                Command(
                    name: "suspend", keys: [.init(event: .control("z"))], words: "to the shell; fg comes back",
                    run: { _, _ in [.suspend] })
            ]),
        CommandRow(
            keys: "?", words: "this help", more: "type to search it", group: .looking,
            commands: [
                Command(
                    name: "help", keys: [.init(event: .character("?")), .init(event: .function(1))],
                    words: "the keys that work here",
                    run: { model, _ in
                        model.overlay = .help(filter: "")
                        return []
                    })
            ],
            hint: { _ in .init(keys: "?", words: "help", priority: 9, place: 190) }),
        CommandRow(
            keys: "q Ctrl-C", words: "quit", group: .looking,
            commands: [
                Command(
                    name: "quit", keys: [.init(event: .character("q")), .init(event: .control("c"))], words: "",
                    run: { model, _ in
                        // Ctrl-C quits without asking.
                        guard model.demo != nil, model.isMigrating else { return [.quit] }
                        model.overlay = .confirmQuit(isConfirming: false)
                        return []
                    })
            ],
            hint: { _ in .init(keys: "q", words: "quit", priority: 9, place: 200) }),
    ]

    private static let command = Command(
        name: "command", keys: [.init(event: .character(":"))], words: "to be typed, as this one",
        run: { model, _ in
            model.overlay = .prompt(Prompt(kind: .command))
            return []
        })

    private static let export = Command(
        name: "export", argument: .init(words: "FILE"), words: "the screen as it is, .svg or .txt",
        run: { _, file in file.map { [.export($0)] } })

    private static let poll = Command(
        name: "poll",
        keys: [
            .init(event: .character("+"), argument: "quicker"), .init(event: .character("="), argument: "quicker"),
            .init(event: .character("-"), argument: "slower"),
        ],
        argument: .init(
            words: "MILLISECONDS",
            values: { _ in ["quicker", "slower"] + DashboardModel.pollStepsMilliseconds.map(String.init) }),
        words: "between polls",
        offer: {
            $0.replay == nil ? .offered : .refused("a recording is played, not polled; > and < change its speed")
        },
        run: { model, argument in
            switch argument {
            case "quicker": return model.changeRate(quicker: true)
            case "slower": return model.changeRate(quicker: false)
            default:
                guard let rate = argument.flatMap(UInt64.init), (100...60_000).contains(rate) else { return nil }
                return model.poll(everyMilliseconds: rate)
            }
        })

    /// A command that moves the selection, or scrolls the panel if that scrolls.
    private static func go(_ name: String, _ step: Int, _ keys: [KeyEvent]) -> Command {
        Command(
            name: "go-\(name)", keys: keys.map { .init(event: $0) }, words: "the nodes, or the panel chosen",
            run: { model, _ in
                model.move(by: step)
                return []
            })
    }

    /// A command to the left or right: in the table it changes the column that sorts, elsewhere it moves up or down.
    private static func turn(_ name: String, _ step: Int, _ keys: [KeyEvent]) -> Command {
        Command(
            name: "go-\(name)", keys: keys.map { .init(event: $0) }, words: "the nodes; in the table another column",
            run: { model, _ in
                if model.table.isShown, model.pane == .shards {
                    model.sortTable(step: step)
                } else {
                    model.move(by: step)
                }
                return []
            })
    }

    private static func choice(_ values: [String]) -> Command.Argument {
        .init(words: values.joined(separator: "|"), values: { _ in values })
    }
}
